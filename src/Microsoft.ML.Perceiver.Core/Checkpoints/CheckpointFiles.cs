namespace Microsoft.ML.Perceiver;

/// <summary>The names of a checkpoint's files, as in the reference.</summary>
internal static class CheckpointFiles
{
    internal const string Config = PerceiverConfig.FileName;

    /// <summary>The weights that <see cref="SafeTensorsWriter"/> writes.</summary>
    internal const string SafeTensors = "model.safetensors";

    internal const string Index = ".index.json";

    /// <summary>The files that can have the weights, in the order of preference.</summary>
    internal static readonly string[] Weights =
    [
        SafeTensors, SafeTensors + Index, "pytorch_model.bin", "pytorch_model.bin" + Index,
    ];

    /// <summary>The file, or the index, of a folder's weights.</summary>
    /// <exception cref="FileNotFoundException">The folder has none.</exception>
    internal static string FindWeights(string folder) =>
        Weights.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
        ?? throw new FileNotFoundException(
            $"The checkpoint folder '{folder}' has no {string.Join(", ", Weights[..^1])} or {Weights[^1]}.",
            Path.Combine(folder, Weights[0]));
}
