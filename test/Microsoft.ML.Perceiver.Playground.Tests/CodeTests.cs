using System.Globalization;
using System.Text.Json;
using Microsoft.ML.Perceiver.EndToEndTests.Docs;
using Playground;

namespace Microsoft.ML.Perceiver.Playground.Tests;

/// <summary>The programs of "Show the C#": they compile, and give what the page gives.</summary>
[TestClass]
public sealed class CodeTests : IDisposable
{
    private const string Awkward = "a \"b\" \\ {c} \r\n\t\0 \u2028 \u202e \ud83d\ude00 ü */ // $";

    private static Server s_server = null!;
    private readonly TemporaryFolder _folder = new();

    [ClassInitialize]
    public static async Task StartAsync(TestContext context) => s_server = await Server.StartAsync(new PlaygroundOptions());

    [ClassCleanup]
    public static Task StopAsync() => s_server.DisposeAsync().AsTask();

    [TestMethod]
    public async Task The_program_of_a_filled_text_gives_its_fillings()
    {
        var answer = await Server.JsonOfAsync(s_server.PostAsync("fill-mask", new { text = FillMaskExamples.All[0].Text, top = 20 }));
        string[] expected =
        [
            .. answer.GetProperty("fillings").EnumerateArray()
                .Select(f => Line(f.GetProperty("probability").GetDouble(), f.GetProperty("text").GetString()!)),
        ];
        CollectionAssert.AreEqual(expected, Run(answer));
    }

    [TestMethod]
    public async Task The_program_of_a_message_gives_its_labels()
    {
        var answer = await Server.JsonOfAsync(s_server.PostAsync("text", new { text = TextExamples.All[1].Text }));
        CollectionAssert.AreEqual(Labels(answer), Run(answer));
    }

    [TestMethod]
    public async Task The_program_of_a_saved_model_gives_its_labels()
    {
        var ml = new MLContext();
        var rows = ml.Data.LoadFromEnumerable([new { Text = "hello" }]);
        using (var model = ml.Transforms.PerceiverTextClassification(PerceiverCheckpoint.Bundled("perceiver-mini-spam")).Fit(rows))
            ml.Model.Save(model, rows.Schema, _folder["own.mlnet"]);
        await using var server = await Server.StartAsync(new PlaygroundOptions { TextRunner = _folder["own.mlnet"] });
        var answer = await Server.JsonOfAsync(server.PostAsync("text", new { text = TextExamples.All[0].Text }));
        Assert.IsFalse(answer.GetProperty("unsure").GetBoolean());
        CollectionAssert.AreEqual(Labels(answer), Run(answer));
    }

    [TestMethod]
    public async Task The_program_of_a_photograph_gives_its_labels()
    {
        byte[] photograph = await s_server.Client.GetByteArrayAsync("examples/image/hat.jpg");
        await File.WriteAllBytesAsync(_folder["hat.jpg"], photograph);
        var answer = await Server.JsonOfAsync(s_server.PostAsync("image", ("image", "hat.jpg", photograph)));
        CollectionAssert.AreEqual(Labels(answer), Run(answer));
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("90")]
    public async Task The_program_of_two_frames_gives_their_motion(string side)
    {
        byte[] first = TinyImages.Png(120, 80), second = TinyImages.Png(120, 80, shift: 2);
        await File.WriteAllBytesAsync(_folder["a.png"], first);
        await File.WriteAllBytesAsync(_folder["b.png"], second);
        using var form = Server.Form(("first", "a.png", first), ("second", "b.png", second));
        form.Add(new StringContent(side), "side");
        var result = (await Server.LinesOfAsync(s_server.Client.PostAsync("api/flow", form)))[^1].GetProperty("result");
        string line = string.Create(
            CultureInfo.InvariantCulture,
            $"longest {result.GetProperty("longest").GetDouble():0.00} pixels, mean {result.GetProperty("mean").GetDouble():0.00} pixels");
        CollectionAssert.AreEqual(new[] { line }, Run(result));
        Assert.IsTrue(File.Exists(_folder["flow.png"]));
    }

    [TestMethod]
    public async Task The_program_of_a_clip_gives_its_labels()
    {
        var example = VideoExamples.All[0];
        Directory.CreateDirectory(_folder["frames"]);
        var files = new List<(string Field, string Name, byte[] Content)>();
        foreach (string address in example.Images)
        {
            byte[] frame = await s_server.Client.GetByteArrayAsync(address);
            await File.WriteAllBytesAsync(Path.Combine(_folder["frames"], Path.GetFileName(address)), frame);
            files.Add(("frames", Path.GetFileName(address), frame));
        }

        byte[] audio = await s_server.Client.GetByteArrayAsync(example.Audio);
        await File.WriteAllBytesAsync(_folder["audio.f32"], audio);
        files.Add(("audio", "audio", audio));
        var result = (await Server.LinesOfAsync(s_server.PostAsync("video", [.. files])))[^1].GetProperty("result");
        Assert.AreEqual(example.Truth, result.GetProperty("labels")[0].GetProperty("label").GetString());
        CollectionAssert.AreEqual((string[])["16 frames, 10240 samples", .. Labels(result)], Run(result));
    }

    [TestMethod]
    public async Task The_program_of_a_query_gives_the_nearest_texts()
    {
        string sample = Path.Combine(AppContext.BaseDirectory, "examples", "alike", "test.csv");
        File.Copy(sample, _folder["test.csv"]);
        const string Own = "The boat leaves at noon.";
        var lines = await Server.LinesOfAsync(s_server.PostAsync("alike", new { text = Own, lines = Own }));
        var result = lines[^1].GetProperty("result");
        string[] expected =
        [
            .. result.GetProperty("nearest").EnumerateArray()
                .Select(f => Line(f.GetProperty("score").GetDouble(), f.GetProperty("text").GetString()!)),
        ];
        string[] found = Run(result);
        Assert.AreEqual(expected[0], found[0]);
        // Other batches round otherwise: cosines may differ in the last digit, and with them the order.
        Assert.IsGreaterThanOrEqualTo(4, expected.Select(TextOf).Intersect(found.Select(TextOf)).Count(), string.Join('\n', found));

        static string TextOf(string line) => line[line.IndexOf(' ')..];
    }

    [TestMethod]
    public void Any_text_and_any_name_compiles()
    {
        string folder = ModelCode.Checkpoint(Awkward, "perceiver-mini-spam");
        var extents = PerceiverMultimodalExtents.Of(PerceiverCheckpoint.Bundled("perceiver-mini-video").Config);
        string[] programs =
        [
            FillMaskCode.Of(folder, Awkward, 3),
            ImageCode.Of(folder, Awkward, 3),
            FlowCode.Of(folder, Awkward, Awkward, null),
            FlowCode.Of(folder, Awkward, Awkward, (320, 200)),
            VideoCode.Of(folder, Awkward, 25, 16, extents),
            TextCode.OfCheckpoint(folder, Awkward),
            AlikeCode.Of(folder, Awkward, [Awkward, "line"]),
            TextCode.OfFile(Awkward, Awkward, Awkward, Awkward),
            TextCode.OfFile(Awkward, "Text", null, Awkward),
        ];
        foreach (string program in programs)
            Assert.AreEqual("", PageCode.Errors(PageCode.Compile(program)), program);
    }

    [TestMethod]
    public void A_literal_means_its_text()
    {
        string program = $"Console.Write({CSharpLiteral.Of(Awkward)});";
        // The runner writes every line's end in one way.
        Assert.AreEqual(Awkward.ReplaceLineEndings("\n"), PageCode.Run(program, _folder.Path));
    }

    public void Dispose() => _folder.Dispose();

    private string[] Run(JsonElement answer) => PageCode.Run(answer.GetProperty("code").GetString()!, _folder.Path)
        .Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string[] Labels(JsonElement answer) =>
    [
        .. answer.GetProperty("labels").EnumerateArray()
            .Select(l => Line(l.GetProperty("probability").GetDouble(), l.GetProperty("label").GetString()!)),
    ];

    private static string Line(double probability, string text) =>
        string.Create(CultureInfo.InvariantCulture, $"{probability:0.000} {text}");
}
