namespace Microsoft.ML.Perceiver;

/// <summary>Writes the graphs of a model into files, all of them or none.</summary>
/// <param name="path">The file of a whole model; parts have their names before its extension.</param>
/// <param name="name">The name of the graphs.</param>
/// <param name="externalData">Whether weights are beside their graph; null where they would not fit into its file.</param>
/// <param name="metadata">Texts about the model by their names, for each of the files; null for none.</param>
/// <param name="largestLength">The bytes that a graph's file can hold.</param>
internal sealed class OnnxFiles(
    string path,
    string name,
    bool? externalData,
    IReadOnlyList<(string Key, string Value)>? metadata = null,
    long largestLength = ModelFile.LargestLength)
{
    internal IReadOnlyList<string> Write(IReadOnlyList<(string Part, OnnxBuilder Graph)> graphs)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        // Known before any of several files is put into its place.
        if (graphs.Select(g => Path.Combine(folder, NameOf(g.Part))).FirstOrDefault(Directory.Exists) is { } taken)
            throw new IOException($"'{taken}' is a folder.");
        var written = new List<string>();
        using var files = new AtomicFileSet(folder);
        foreach (var (part, graph) in graphs)
        {
            string file = NameOf(part), weights = file + ".data";
            var plan = Plan(graph, weights, out bool isExternal);
            if (isExternal)
            {
                // The weights are put into their place before the graph that names them.
                files.Write(weights, plan.WriteExternal);
                written.Add(Path.Combine(folder, weights));
            }

            files.Write(file, plan.WriteGraph);
            written.Add(Path.Combine(folder, file));
        }

        files.Place();
        return written;
    }

    private ModelFile Plan(OnnxBuilder graph, string weights, out bool isExternal)
    {
        isExternal = externalData ?? false;
        var plan = new ModelFile(graph, name, isExternal ? weights : null, metadata);
        if (plan.Length <= largestLength)
            return plan;
        if (externalData == false)
        {
            throw new ArgumentException(
                $"With its weights the graph takes {plan.Length} bytes; a file holds {largestLength}. The weights must be beside it "
                + "(ExternalData).");
        }

        isExternal = true;
        return new ModelFile(graph, name, weights, metadata);
    }

    private string NameOf(string part)
    {
        string file = Path.GetFileName(path);
        return part.Length == 0 ? file : $"{Path.GetFileNameWithoutExtension(file)}.{part}{Path.GetExtension(file)}";
    }
}
