using System.Text.Json;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Parity;

/// <summary>One folder of golden/models: what to build, how to call it, and what must come out.</summary>
internal sealed class GoldenCase
{
    private GoldenCase(string folder, JsonElement json)
    {
        Folder = folder;
        Json = json;
    }

    internal string Folder { get; }

    internal JsonElement Json { get; }

    internal string Class => Json.GetProperty("class").GetString()!;

    /// <summary>The description of a module: of its own, or the case itself.</summary>
    internal JsonElement Spec => Json.TryGetProperty("spec", out var spec) ? spec : Json;

    internal string WeightsPath => Path.Combine(Folder, "model.safetensors");

    internal string IoPath => Path.Combine(Folder, "io.safetensors");

    internal PerceiverConfig Config => PerceiverConfig.FromFile(Folder);

    internal IEnumerable<JsonElement> Runs => Json.GetProperty("runs").EnumerateArray();

    internal static GoldenCase Open(string id) => OpenFolder(GoldenFolder.PathOf("models", id));

    internal static GoldenCase OpenFolder(string folder)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "case.json")));
        return new GoldenCase(folder, document.RootElement.Clone());
    }

    /// <summary>The names of all cases of the golden folder, whether or not index.json lists them.</summary>
    internal static IEnumerable<string> Ids()
    {
        string models = GoldenFolder.PathOf("models");
        return Directory.Exists(models)
            ? Directory.EnumerateDirectories(models)
                .Where(d => File.Exists(Path.Combine(d, "case.json")))
                .Select(d => Path.GetFileName(d)!)
                .Order(StringComparer.Ordinal)
            : [];
    }

    /// <summary>Runs the case.</summary>
    /// <exception cref="UnknownPartException">It has a part that is not built yet.</exception>
    internal void Run()
    {
        if (Json.TryGetProperty("kind", out var kind) && kind.GetString() == "module")
            ModuleCaseRunner.Run(this);
        else
            ModelCaseRunner.Run(this);
    }

    /// <summary>Compares the widths that the case has of its preprocessor and decoder with those of a model or module.</summary>
    internal void CheckWidths(nn.Module module)
    {
        if (Json.TryGetProperty("preprocessor_num_channels", out var input))
            Assert.AreEqual(input.GetInt32(), Part<PerceiverPreprocessor>(module).NumChannels, "preprocessor_num_channels");
        if (Json.TryGetProperty("num_query_channels", out var query))
            Assert.AreEqual(query.GetInt32(), Part<PerceiverDecoder>(module).NumQueryChannels, "num_query_channels");
    }

    private static T Part<T>(nn.Module module)
        where T : nn.Module => module as T ?? module.named_modules().Select(m => m.module).OfType<T>().First();
}
