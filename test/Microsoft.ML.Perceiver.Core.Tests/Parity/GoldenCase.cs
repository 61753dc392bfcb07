using System.Text.Json;

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

    internal string Id => Path.GetFileName(Folder);

    internal JsonElement Json { get; }

    internal string Class => Json.GetProperty("class").GetString()!;

    internal string WeightsPath => Path.Combine(Folder, "model.safetensors");

    internal PerceiverConfig Config => PerceiverConfig.FromFile(Folder);

    internal IEnumerable<JsonElement> Runs => Json.GetProperty("runs").EnumerateArray();

    internal static GoldenCase Open(string id)
    {
        string folder = GoldenFolder.PathOf("models", id);
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "case.json")));
        return new GoldenCase(folder, document.RootElement.Clone());
    }

    /// <summary>The names of all cases of the golden folder, whether or not index.json lists them.</summary>
    internal static IEnumerable<string> Ids()
    {
        string models = GoldenFolder.PathOf("models");
        return Directory.Exists(models)
            ? Directory.EnumerateDirectories(models).Where(d => File.Exists(Path.Combine(d, "case.json"))).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal)
            : [];
    }
}
