using Cluster.Serving;
using WebApi;

namespace Microsoft.ML.Perceiver.Cluster.Tests;

/// <summary>
/// A folder with two versions of a tiny text classifier, 1 and 2, which answer otherwise, and a file that is no model, "bad".
/// </summary>
internal sealed class TwoVersions : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TwoVersions()
    {
        Directory.CreateDirectory(Path.Combine(Folder, TextTask.TaskName));
        TinyModel.Train(Store.PathOf(TextTask.TaskName, "1"), seed: 1);
        TinyModel.Train(Store.PathOf(TextTask.TaskName, "2"), seed: 2);
        File.WriteAllText(Store.PathOf(TextTask.TaskName, "bad"), "no model");
        Store.SetCurrent(TextTask.TaskName, "1");
        Answers = new[] { "1", "2" }.ToDictionary(v => v, v => ModelFile.Transform(Store.PathOf(TextTask.TaskName, v), Texts));
    }

    public static string[] Texts { get; } = [.. Enumerable.Range(0, 8).Select(i => i % 2 == 0 ? $"see you at {i}" : $"win {i} pounds")];

    public string Folder => _folder["models"];

    public ModelStore Store => new(Folder);

    /// <summary>What each version answers to the texts.</summary>
    public Dictionary<string, Answer[]> Answers { get; }

    public void Dispose() => _folder.Dispose();
}
