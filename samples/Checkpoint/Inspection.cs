using Microsoft.ML.Perceiver;
using Samples;

namespace Checkpoint;

/// <summary>What a checkpoint has.</summary>
internal static class Inspection
{
    public static int Run(string path)
    {
        using var weights = PerceiverCheckpointWeights.Open(path);
        int width = weights.Tensors.Select(t => t.Name.Length).DefaultIfEmpty(0).Max();
        foreach (var tensor in weights.Tensors.OrderBy(t => t.Name, StringComparer.Ordinal))
            Console.WriteLine($"{tensor.Name.PadRight(width)}  {tensor.Dtype,-8}  [{string.Join(", ", tensor.Shape)}]");
        Console.WriteLine();
        long numbers = weights.Tensors.Sum(Elements), bytes = weights.Tensors.Sum(t => t.Length);
        Console.WriteLine($"{weights.Tensors.Count} tensors, {numbers:N0} numbers, {bytes:N0} bytes");
        foreach (var type in weights.Tensors.GroupBy(t => t.Dtype).OrderByDescending(g => g.Sum(Elements)))
            Console.WriteLine($"  {type.Key}: {type.Count()} tensors, {type.Sum(Elements):N0} numbers");
        foreach (string file in weights.Files)
            Console.WriteLine($"  {file}: {new FileInfo(file).Length:N0} bytes");
        if (Configuration(path) is { } config)
        {
            string architectures = string.Join(", ", config.Architectures ?? ["no class"]);
            string latents = $"{config.NumLatents} latents of {config.LatentChannels}";
            Console.WriteLine($"  config.json: {architectures}, {latents}, {config.NumLabels} labels");
        }

        NextSteps.Write(NextSteps.Run("Checkpoint", "verify", path));
        return 0;
    }

    /// <summary>The configuration beside the weights; null where there is none.</summary>
    public static PerceiverConfig? Configuration(string path)
    {
        string folder = Directory.Exists(path) ? path : Path.GetDirectoryName(Path.GetFullPath(path))!;
        return File.Exists(Path.Combine(folder, "config.json")) ? PerceiverConfig.FromFile(folder) : null;
    }

    private static long Elements(PerceiverTensorInfo tensor) => tensor.Shape.Aggregate(1L, (a, b) => a * b);
}
