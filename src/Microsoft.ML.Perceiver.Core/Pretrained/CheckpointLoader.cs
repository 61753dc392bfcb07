using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Puts a checkpoint's tensors into a model's parameters, after names, shapes and types were all checked.</summary>
internal static class CheckpointLoader
{
    private const string BaseModel = "perceiver.";

    // What every head shares; a checkpoint that lacks any of it, or has it in another shape, belongs to another model.
    private static readonly string[] SharedParts = ["input_preprocessor.", "embeddings.", "encoder."];

    /// <summary>Loads a model that computes in a precision.</summary>
    /// <param name="model">The model, on the meta device.</param>
    /// <param name="source">The checkpoint.</param>
    /// <param name="newHead">As below.</param>
    /// <param name="seed">Seed of what is newly drawn.</param>
    /// <param name="precision">The precision.</param>
    /// <exception cref="FormatException">The two do not fit; the message lists what is missing, unexpected and misshapen.</exception>
    /// <exception cref="PlatformNotSupportedException">libtorch cannot compute in the precision on this machine.</exception>
    internal static PerceiverCheckpointReport Load(PerceiverPreTrainedModel model, ITensorSource source, bool newHead, long seed, PerceiverPrecision precision)
    {
        model.ComputeIn(precision);
        var report = Load(model, source, newHead, seed, model.Config.InitializerRange);
        if (precision == PerceiverPrecision.Int8)
            model.ComputeIn(precision, LetGo);
        return report;

        // The floats stay mapped, for saving and training, but need not stay in memory.
        void LetGo()
        {
            foreach (var info in source.Tensors)
                source.LetGo(info);
            if (OperatingSystem.IsLinux())
                LinuxMemory.Trim();
        }
    }

    /// <summary>Loads.</summary>
    /// <param name="module">The model; its parameters may be on the meta device.</param>
    /// <param name="source">The checkpoint.</param>
    /// <param name="newHead">
    /// Whether the head may be another than the checkpoint's (fine-tuning): what does not fit there is left out or newly drawn.
    /// </param>
    /// <param name="seed">Seed of what is newly drawn.</param>
    /// <param name="standardDeviation">Standard deviation of what is newly drawn.</param>
    /// <exception cref="FormatException">The two do not fit; the message lists what is missing, unexpected and misshapen.</exception>
    internal static PerceiverCheckpointReport Load(nn.Module module, ITensorSource source, bool newHead, long seed, double standardDeviation)
    {
        var targets = PerceiverModuleParameters.OwnedWithNames(module).ToDictionary(x => x.Name, StringComparer.Ordinal);
        var rename = Renaming(targets.Keys, source.Tensors);
        var found = source.Tensors.Select(t => (Info: t, Name: rename(t.Name))).ToArray();
        var missing = targets.Keys.Except(found.Select(f => f.Name)).ToList();
        var unused = found.Where(f => !targets.ContainsKey(f.Name)).Select(f => f.Info.Name).ToList();
        var misfits = found
            .Where(f => targets.TryGetValue(f.Name, out var t) && !Fits(f.Info, t.Value))
            .Select(f => (f.Name, Text: $"{f.Info.Name} is {f.Info.Description}, the model's {targets[f.Name].Value.dtype} [{string.Join(", ", targets[f.Name].Value.shape)}]"))
            .ToList();
        if (newHead ? missing.Concat(misfits.Select(m => m.Name)).Any(IsShared) : missing.Count + unused.Count + misfits.Count > 0)
            throw new FormatException(Mismatch(source, missing, unused, misfits.Select(m => m.Text).ToList()));

        var refused = misfits.Select(m => m.Name).ToHashSet(StringComparer.Ordinal);
        var loaded = new List<string>();
        using (no_grad())
        {
            foreach (var (info, value) in source.ReadAll())
            {
                using var read = value;
                string name = rename(info.Name);
                if (!targets.TryGetValue(name, out var target) || refused.Contains(name))
                    continue;
                // A parameter takes its tensor over, so the mapped file, or the bytes read, are the only copy.
                bool isConverted = read.dtype != target.Value.dtype;
                target.Owner.Assign(target.Key, isConverted ? read.to(target.Value.dtype) : read.alias());
                if (isConverted)
                    source.LetGo(info);
                loaded.Add(name);
            }
        }

        PerceiverModuleParameters.Initialize(module, seed, standardDeviation);
        return new PerceiverCheckpointReport(loaded, [.. missing, .. refused], unused);
    }

    // A file of the bare model has no "perceiver." before its names, one of a head has; either loads into either.
    private static Func<string, string> Renaming(IEnumerable<string> targets, IReadOnlyList<PerceiverTensorInfo> tensors)
    {
        bool modelHasPrefix = targets.Any(Prefixed);
        bool fileHasPrefix = tensors.Any(t => Prefixed(t.Name));
        if (modelHasPrefix && !fileHasPrefix)
            return name => BaseModel + name;
        if (!modelHasPrefix && fileHasPrefix)
            return name => Prefixed(name) ? name[BaseModel.Length..] : name;
        return name => name;
    }

    private static bool Prefixed(string name) => name.StartsWith(BaseModel, StringComparison.Ordinal);

    private static bool IsShared(string name)
    {
        string inner = Prefixed(name) ? name[BaseModel.Length..] : name;
        return SharedParts.Any(p => inner.StartsWith(p, StringComparison.Ordinal));
    }

    private static bool Fits(PerceiverTensorInfo info, Tensor target) =>
        info.Shape.SequenceEqual(target.shape) && (info.Dtype == target.dtype || (IsFloat(info.Dtype) && IsFloat(target.dtype)));

    private static bool IsFloat(ScalarType type) => type is ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64;

    private static string Mismatch(ITensorSource source, List<string> missing, List<string> unused, List<string> misfits)
    {
        var lines = new List<string> { $"The weights in '{source.Source}' do not fit the model." };
        Add("Missing", missing);
        Add("Unexpected", unused);
        Add("Of another shape or type", misfits);
        return string.Join(Environment.NewLine, lines);

        void Add(string title, List<string> names)
        {
            if (names.Count > 0)
                lines.Add($"{title} ({names.Count}): {string.Join("; ", names)}.");
        }
    }
}
