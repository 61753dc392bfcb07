using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Microsoft.ML.Perceiver.EndToEndTests.Packages;

/// <summary>Programs of the templates, as a user makes, builds and runs them.</summary>
[TestClass]
[TestCategory("LongRunning")]
public sealed partial class TemplateProgramTests : IDisposable
{
    private const string Spam = "URGENT! You have won a prize, call 09061701461 now";

    private readonly UserFolder _folder = new();
    private readonly TemplateHive _hive = new(PackageFeed.FileOf(PackageFeed.Templates));

    public void Dispose()
    {
        _hive.Dispose();
        _folder.Dispose();
    }

    [TestMethod]
    [DataRow("net10.0")]
    [DataRow("net8.0")]
    public void A_text_classifier_is_trained_evaluated_saved_and_used(string framework)
    {
        string program = CreateAndBuild("perceiver-text", "spam-filter.one", framework);
        string output = DotNetCommand.Run(program, "run", "-c", "Release", "--no-build");
        Assert.IsGreaterThan(90.0, AccuracyIn(output), output);
        StringAssert.Contains(output, ": Congratulations, you have won a free holiday!");
        Assert.IsTrue(File.Exists(Path.Combine(program, "model.zip")));
        output = DotNetCommand.Run(program, "run", "-c", "Release", "--no-build", "--", Spam);
        StringAssert.StartsWith(output, "spam (");
    }

    [TestMethod]
    [DataRow("net10.0")]
    [DataRow("net8.0")]
    public void An_image_classifier_is_trained_evaluated_saved_and_used(string framework)
    {
        string program = CreateAndBuild("perceiver-image", "clothes", framework);
        string output = DotNetCommand.Run(program, "run", "-c", "Release", "--no-build");
        Assert.IsGreaterThan(85.0, AccuracyIn(output), output);
        Assert.HasCount(3, PredictedImage().Matches(output));
        string photograph = Path.Combine("Data", "test", "shoes", "01.jpg");
        output = DotNetCommand.Run(program, "run", "-c", "Release", "--no-build", "--", photograph);
        StringAssert.Matches(output, PredictedImage());
    }

    [TestMethod]
    [DataRow("net10.0")]
    [DataRow("net8.0")]
    public async Task A_web_API_trains_a_model_and_serves_it(string framework)
    {
        string program = CreateAndBuild("perceiver-webapi", "Spam.Api", framework);
        string output = DotNetCommand.Run(program, "run", "-c", "Release", "--no-build", "--", "train");
        Assert.IsGreaterThan(90.0, AccuracyIn(output), output);

        using var server = RunningServer.Start(program, "run", "-c", "Release", "--no-build", "--", "--urls", "http://127.0.0.1:0");
        using var client = new HttpClient { BaseAddress = server.Address };
        using var response = await client.PostAsJsonAsync("predict", new { text = Spam });
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.AreEqual("spam", answer.GetProperty("label").GetString(), server.Output);
        var scores = answer.GetProperty("scores");
        Assert.AreEqual(1, scores.GetProperty("spam").GetSingle() + scores.GetProperty("ham").GetSingle(), 1e-4);
        using var refused = await client.PostAsJsonAsync("predict", new { text = "" });
        Assert.AreEqual(400, (int)refused.StatusCode);
        Assert.AreEqual("Healthy", await client.GetStringAsync(new Uri("health", UriKind.Relative)));
    }

    private string CreateAndBuild(string template, string name, string framework)
    {
        string program = _folder[name];
        _hive.Create(template, program, "--framework", framework);
        DotNetCommand.Run(program, "build", "-c", "Release", "-warnaserror", "-nodeReuse:false");
        return program;
    }

    private static double AccuracyIn(string output) =>
        double.Parse(Accuracy().Match(output).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);

    [GeneratedRegex(@"Accuracy on the test \w+: ([0-9.]+) ?%")]
    private static partial Regex Accuracy();

    [GeneratedRegex(@"^(pants|shoes|t-shirt) \(\d+ ?%\): .*\.jpg\r?$", RegexOptions.Multiline)]
    private static partial Regex PredictedImage();
}
