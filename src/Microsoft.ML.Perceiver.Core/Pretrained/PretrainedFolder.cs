namespace Microsoft.ML.Perceiver;

/// <summary>Writes a model's folder. An earlier save in it stays usable until the new one is complete.</summary>
/// <param name="directory">The folder; it is made where it is missing.</param>
internal sealed class PretrainedFolder(string directory)
{
    /// <summary>Writes the files of a model, and deletes what an earlier save left and this one does not have.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="config">The text of config.json.</param>
    /// <param name="inputs">The files of what stands before the model, by name.</param>
    internal void Write(WeightShards weights, string config, IReadOnlyDictionary<string, string> inputs)
    {
        Directory.CreateDirectory(directory);
        using var files = new AtomicFileSet(directory);
        foreach (var (name, tensors) in weights.Files)
            files.Write(name, stream => SafeTensorsWriter.Write(stream, tensors));
        if (weights.HasIndex)
            files.WriteText(WeightShards.IndexFile, weights.Index());
        foreach (var (name, text) in inputs)
            files.WriteText(name, text);
        files.WriteText(CheckpointFiles.Config, config);

        // An index must not name a mixture of old and new files while they are renamed; without one there are no weights.
        if (weights.Files.Any(file => File.Exists(PathOf(file.Name))) && weights.HasIndex)
            File.Delete(PathOf(WeightShards.IndexFile));
        string[] stale = [.. StaleFiles(weights, inputs.Keys)];
        files.Place();
        foreach (string name in stale)
            File.Delete(PathOf(name));
    }

    // In the order in which they can go: what names or hides other files first.
    private IEnumerable<string> StaleFiles(WeightShards weights, IEnumerable<string> inputs)
    {
        if (inputs.Contains(PerceiverTokenizer.ConfigFile))
            yield return TokenizerFolder.AddedTokensFile;
        yield return weights.HasIndex ? CheckpointFiles.SafeTensors : WeightShards.IndexFile;
        var kept = weights.Files.Select(file => file.Name).ToHashSet(StringComparer.Ordinal);
        foreach (string path in Directory.EnumerateFiles(directory))
        {
            string name = Path.GetFileName(path);
            if (WeightShards.IsPart(name) && !kept.Contains(name))
                yield return name;
        }
    }

    private string PathOf(string name) => Path.Combine(directory, name);
}
