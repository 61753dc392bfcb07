using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Loads a checkpoint's tensors into a model's parameters, after all names, shapes and types were checked.</summary>
internal static class CheckpointLoader
{
    private const string BaseModel = "perceiver.";

    // The parts that all heads share; a checkpoint that lacks any of them, or has them in another shape, belongs to another model.
    private static readonly string[] SharedParts = ["input_preprocessor.", "embeddings.", "encoder."];

    /// <summary>Loads the weights of a model that computes in a precision.</summary>
    /// <param name="model">The model, on the meta device.</param>
    /// <param name="source">The checkpoint.</param>
    /// <param name="newHead">As below.</param>
    /// <param name="seed">Seed of the parameters that are randomly initialised.</param>
    /// <param name="precision">The precision.</param>
    /// <param name="labels">As below.</param>
    /// <exception cref="FormatException">
    /// The two do not fit; the message lists missing and unexpected tensors and those of another shape.
    /// </exception>
    /// <exception cref="PlatformNotSupportedException">libtorch cannot compute in the precision on this machine.</exception>
    internal static PerceiverCheckpointReport Load(
        PerceiverPreTrainedModel model,
        ITensorSource source,
        bool newHead,
        long seed,
        PerceiverPrecision precision,
        LabelRows? labels = null)
    {
        model.ComputeIn(precision);
        var report = Load(model, source, newHead, seed, model.Config.InitializerRange, labels);
        if (precision == PerceiverPrecision.Int8)
            model.ComputeIn(precision, ReleasePages);
        else if (model.IsForPrediction && ReleasesAll())
            model.PrepareForStage(ReleasePages);
        return report;

        // Weights of another type were converted, into memory of their own; integers are a few counters.
        bool ReleasesAll() => source.IsMapped && source.Tensors.All(t => t.Dtype == model.WeightType || is_integral(t.Dtype));

        // The floats stay mapped, for saving and training, but need not stay in memory.
        void ReleasePages()
        {
            foreach (var info in source.Tensors)
                source.ReleasePages(info);
            if (OperatingSystem.IsLinux())
                LinuxMemory.Trim();
        }
    }

    /// <summary>Loads weights in the precision of the model's parameters.</summary>
    /// <param name="module">The model; its parameters may be on the meta device.</param>
    /// <param name="source">The checkpoint.</param>
    /// <param name="newHead">
    /// Whether the head may be another than the checkpoint's (fine-tuning): tensors that do not fit there are ignored, and parameters that
    /// the checkpoint does not have are randomly initialised.
    /// </param>
    /// <param name="seed">Seed of the parameters that are randomly initialised.</param>
    /// <param name="standardDeviation">Standard deviation of the parameters that are randomly initialised.</param>
    /// <param name="labels">Where the labels' rows of the output layer come from; null takes them as they are.</param>
    /// <exception cref="FormatException">
    /// The two do not fit; the message lists missing and unexpected tensors and those of another shape.
    /// </exception>
    /// <exception cref="InsufficientMemoryException">The process cannot have the memory.</exception>
    internal static PerceiverCheckpointReport Load(
        nn.Module module, ITensorSource source, bool newHead, long seed, double standardDeviation, LabelRows? labels = null)
    {
        labels ??= LabelRows.Unchanged;
        var targets = PerceiverModuleParameters.OwnedWithNames(module).ToDictionary(x => x.Name, StringComparer.Ordinal);
        var rename = RenamingOf(targets.Keys, source.Tensors);
        var found = source.Tensors.Select(t => (Info: t, Name: rename(t.Name))).ToArray();
        var missing = targets.Keys.Except(found.Select(f => f.Name)).ToList();
        var unused = found.Where(f => !targets.ContainsKey(f.Name)).Select(f => f.Info.Name).ToList();
        var mismatched = found.Where(f => targets.TryGetValue(f.Name, out var t) && !Fits(f.Info, t.Value)).ToArray();
        var refused = mismatched.Select(f => f.Name).ToHashSet(StringComparer.Ordinal);
        var ofLabels = targets.Where(t => t.Value.Owner is PerceiverLinear { GivesLabels: true }).Select(t => t.Key)
            .Intersect(found.Select(f => f.Name)).ToHashSet(StringComparer.Ordinal);
        if (labels.Change == PerceiverLabelChange.Replaced)
            refused.UnionWith(ofLabels);
        bool fails = newHead ? missing.Concat(refused).Any(IsShared) : missing.Count + unused.Count + mismatched.Length > 0;
        if (fails)
            throw new FormatException(Mismatch(source, missing, unused, mismatched.Select(f => Describe(f.Info, targets[f.Name].Value))));

        RequireMemory(source, found.Where(f => targets.ContainsKey(f.Name)).Select(f => (f.Info, targets[f.Name].Value)));
        var loaded = new List<string>();
        using (no_grad())
        {
            foreach (var (info, value) in source.ReadAll())
            {
                string name = rename(info.Name);
                bool isTaken = targets.TryGetValue(name, out var target) && !refused.Contains(name);
                using var read = isTaken && ofLabels.Contains(name) ? labels.Reorder(value) : value;
                if (!isTaken)
                    continue;
                // A parameter takes the tensor over, so that the mapped file, or the bytes read, are the only copy.
                bool isConverted = read.dtype != target.Value.dtype;
                target.Owner.Assign(target.Key, isConverted ? read.to(target.Value.dtype) : read.alias());
                if (isConverted)
                    source.ReleasePages(info);
                loaded.Add(name);
            }
        }

        PerceiverModuleParameters.Initialize(module, seed, standardDeviation);
        var change = ofLabels.Count > 0 ? labels.Change : PerceiverLabelChange.None;
        return new PerceiverCheckpointReport(loaded, [.. missing, .. refused], unused) { LabelChange = change };
    }

    private static void RequireMemory(ITensorSource source, IEnumerable<(PerceiverTensorInfo Info, Tensor Target)> pairs)
    {
        long allocated = pairs
            .Where(p => !source.IsMapped || p.Info.Dtype != p.Target.dtype)
            .Sum(p => p.Target.NumberOfElements * p.Target.ElementSize);
        long mapped = source.IsMapped ? source.Tensors.Sum(t => t.Length) : 0;
        ProcessMemory.Require(allocated, $"the weights in '{source.Source}'", mapped);
    }

    // The names in a file of a head begin with "perceiver.", those of a model without a head do not; either file loads into either model.
    private static Func<string, string> RenamingOf(IEnumerable<string> targets, IReadOnlyList<PerceiverTensorInfo> tensors)
    {
        bool modelHasPrefix = targets.Any(HasPrefix);
        bool fileHasPrefix = tensors.Any(t => HasPrefix(t.Name));
        if (modelHasPrefix && !fileHasPrefix)
            return name => BaseModel + name;
        if (!modelHasPrefix && fileHasPrefix)
            return name => HasPrefix(name) ? name[BaseModel.Length..] : name;
        return name => name;
    }

    private static bool HasPrefix(string name) => name.StartsWith(BaseModel, StringComparison.Ordinal);

    private static bool IsShared(string name)
    {
        string inner = HasPrefix(name) ? name[BaseModel.Length..] : name;
        return SharedParts.Any(p => inner.StartsWith(p, StringComparison.Ordinal));
    }

    private static bool Fits(PerceiverTensorInfo info, Tensor target) =>
        info.Shape.SequenceEqual(target.shape) && (info.Dtype == target.dtype || (IsFloat(info.Dtype) && IsFloat(target.dtype)));

    private static bool IsFloat(ScalarType type) =>
        type is ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64;

    private static string Describe(PerceiverTensorInfo info, Tensor target) =>
        $"{info.Name} is {info.Description}, the model's {target.dtype} [{string.Join(", ", target.shape)}]";

    private static string Mismatch(
        ITensorSource source, IEnumerable<string> missing, IEnumerable<string> unused, IEnumerable<string> mismatched)
    {
        var lines = new List<string> { $"The weights in '{source.Source}' do not fit the model." };
        Add("Missing", [.. missing]);
        Add("Unexpected", [.. unused]);
        Add("Of another shape or type", [.. mismatched]);
        return string.Join(Environment.NewLine, lines);

        void Add(string title, string[] names)
        {
            if (names.Length > 0)
                lines.Add($"{title} ({names.Length}): {string.Join("; ", names)}.");
        }
    }
}
