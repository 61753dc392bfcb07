using Microsoft.ML.Perceiver;
using Samples;
using static TorchSharp.torch;

namespace Checkpoint;

/// <summary>Whether a checkpoint is whole.</summary>
internal static class Verification
{
    public static int Run(string path, string? other)
    {
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        using var weights = PerceiverCheckpointWeights.Open(path);
        var faults = weights.Tensors.Where(t => !IsFinite(weights, t)).Select(t => $"{t.Name} has numbers that are not finite").ToList();
        if (other is not null)
            faults.AddRange(Differences(weights, other));
        string model = Directory.Exists(path) && Inspection.Configuration(path) is { } config
            ? Load(path, config)
            : "there is no configuration beside the weights, so no model was made of them";
        foreach (string fault in faults)
            Console.Error.WriteLine(fault);
        Console.WriteLine($"{weights.Source}: {weights.Tensors.Count} tensors read; {model}");
        if (faults.Count == 0 && Directory.Exists(path))
            NextSteps.Write($"var checkpoint = PerceiverCheckpoint.FromDirectory(@\"{Path.GetFullPath(path)}\");");
        return faults.Count == 0 ? 0 : 1;
    }

    private static string Load(string folder, PerceiverConfig config)
    {
        string architecture = config.Architectures is [var first, ..] ? first : "no class";
        if (!PerceiverModels.Architectures.Contains(architecture))
            return $"config.json names {architecture}, of which this program makes no model";
        // An error lists what is missing, unexpected and misshapen.
        var (model, report) = PerceiverCheckpoint.FromDirectory(folder).Load(c => PerceiverModels.Create(c, initialize: false));
        using (model)
        {
            long parameters = model.parameters().Sum(p => p.NumberOfElements);
            return $"they fit {architecture} ({report.Loaded.Count} names, {parameters:N0} parameters)";
        }
    }

    private static bool IsFinite(PerceiverCheckpointWeights weights, PerceiverTensorInfo info)
    {
        using var inner = NewDisposeScope();
        var tensor = weights.Get(info.Name);
        return !tensor.is_floating_point() || tensor.isfinite().all().item<bool>();
    }

    private static IEnumerable<string> Differences(PerceiverCheckpointWeights weights, string path)
    {
        using var others = PerceiverCheckpointWeights.Open(path);
        var byName = others.Tensors.ToDictionary(t => t.Name, StringComparer.Ordinal);
        foreach (string name in byName.Keys.Except(weights.Tensors.Select(t => t.Name)))
            yield return $"{name} is only in '{path}'";
        foreach (var info in weights.Tensors)
        {
            using var inner = NewDisposeScope();
            if (!byName.TryGetValue(info.Name, out var twin))
            {
                yield return $"{info.Name} is not in '{path}'";
                continue;
            }

            bool equal = info.Dtype == twin.Dtype
                && info.Shape.SequenceEqual(twin.Shape)
                && weights.Get(info.Name).bytes.SequenceEqual(others.Get(info.Name).bytes);
            if (!equal)
                yield return $"{info.Name} differs from that in '{path}'";
        }
    }
}
