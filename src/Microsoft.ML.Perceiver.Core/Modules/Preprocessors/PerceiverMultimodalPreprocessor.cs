using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Several kinds of input as one sequence: each modality's vectors are padded to a common width by a trainable vector, masked where that is
/// wanted, and joined in the order of the modalities' names (reference class <c>PerceiverMultimodalPreprocessor</c>; keys
/// <c>modalities.{name}</c>, <c>padding.{name}</c> and <c>mask.{name}</c>; section 4.3 of the Perceiver IO paper).
/// </summary>
public sealed partial class PerceiverMultimodalPreprocessor : PerceiverPreprocessor
{
    [ComponentName(Name = "modalities")] private readonly ModalityParts<PerceiverPreprocessor> _modalities;
    [ComponentName(Name = "padding")] private readonly ModalityVectors _padding;
    [ComponentName(Name = "mask")] private readonly ModalityVectors _mask;
    private readonly IReadOnlyDictionary<string, double> _maskProbabilities;
    private IReadOnlyDictionary<string, double>? _trainingMasks;

    /// <summary>Makes a preprocessor.</summary>
    /// <param name="modalities">The preprocessor of each modality by its name.</param>
    /// <param name="maskProbabilities">
    /// The probability that a position of a modality is replaced by the modality's trainable mask, in evaluation too; modalities that are
    /// not named have no mask.
    /// </param>
    /// <param name="minPaddingSize">Trainable channels behind the widest modality.</param>
    /// <exception cref="ArgumentNullException"><paramref name="modalities"/> is null.</exception>
    /// <exception cref="ArgumentException">There is no modality, or a probability is out of range or for an unknown modality.</exception>
    public PerceiverMultimodalPreprocessor(
        IReadOnlyDictionary<string, PerceiverPreprocessor> modalities,
        IReadOnlyDictionary<string, double>? maskProbabilities = null,
        int minPaddingSize = 2)
        : base(nameof(PerceiverMultimodalPreprocessor))
    {
        ArgumentOutOfRangeException.ThrowIfNegative(minPaddingSize);
        _modalities = new ModalityParts<PerceiverPreprocessor>(modalities, nameof(modalities));
        _maskProbabilities = maskProbabilities ?? new Dictionary<string, double>();
        CheckMasks(_maskProbabilities, nameof(maskProbabilities));
        NumChannels = modalities.Values.Max(p => p.NumChannels) + minPaddingSize;
        _padding = new ModalityVectors(_modalities.Sorted.Select(m => (m.Key, NumChannels - m.Value.NumChannels)));
        _mask = new ModalityVectors(_maskProbabilities.Keys.Order(StringComparer.Ordinal).Select(name => (name, NumChannels)));
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int NumChannels { get; }

    /// <summary>
    /// Mask probabilities of the training mode, for modalities that have a mask; those that are not named, and all while this is null, keep
    /// the constructor's.
    /// </summary>
    /// <exception cref="ArgumentException">A probability is out of range, or for a modality without a mask.</exception>
    public IReadOnlyDictionary<string, double>? TrainingMaskProbabilities
    {
        get => _trainingMasks;
        set
        {
            if (value is not null)
            {
                CheckMasks(value, nameof(value));
                if (value.Keys.FirstOrDefault(name => !_mask.Has(name)) is { } maskless)
                    throw new ArgumentException($"The modality '{maskless}' was made without a mask.", nameof(value));
            }

            _trainingMasks = value;
        }
    }

    /// <summary>Turns the inputs of all modalities into one sequence.</summary>
    /// <param name="inputs">A tensor for each modality, as its preprocessor takes it, all of one batch size.</param>
    /// <returns>
    /// [batch, positions of all modalities, <see cref="NumChannels"/>], the inputs of each modality without positions, and how many
    /// positions each has.
    /// </returns>
    /// <exception cref="ArgumentException">
    /// A modality is missing or unknown, has another shape, or another batch size than the rest.
    /// </exception>
    public override PerceiverPreprocessedInputs forward(PerceiverInputs inputs)
    {
        var tensors = inputs.Modalities;
        _modalities.RequireKnown(tensors.Keys, nameof(inputs));
        using var scope = NewDisposeScope();
        var parts = new List<Tensor>();
        var sizes = new Dictionary<string, int>(StringComparer.Ordinal);
        var withoutPositions = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (name, preprocessor) in _modalities.Sorted)
        {
            if (!tensors.TryGetValue(name, out var tensor))
            {
                throw new ArgumentException(
                    $"The modality '{name}' is missing; this preprocessor takes {_modalities.Names}.", nameof(inputs));
            }

            var prepared = preprocessor.forward(tensor);
            if (parts.Count > 0 && parts[0].shape[0] != prepared.Inputs.shape[0])
            {
                throw new ArgumentException(
                    $"The modality '{name}' has a batch of {prepared.Inputs.shape[0]}, those before it of {parts[0].shape[0]}.",
                    nameof(inputs));
            }

            parts.Add(Masked(name, prepared.Inputs));
            sizes[name] = (int)prepared.Inputs.shape[1];
            if (prepared.WithoutPositions is { } bare)
                withoutPositions[name] = bare.MoveToOuterDisposeScope();
        }

        var joined = cat(parts, 1).MoveToOuterDisposeScope();
        return new PerceiverPreprocessedInputs(joined, null, sizes) { ModalitiesWithoutPositions = withoutPositions };
    }

    private Tensor Masked(string name, Tensor x)
    {
        double probability = ProbabilityOf(name);
        if (probability == 0)
            return _padding.Pad(name, x);
        var mask = _mask.Of(name).unsqueeze(0);
        if (probability == 1)
            return mask.expand(x.shape[0], x.shape[1], -1);
        var hidden = PerceiverRandom.Bernoulli([x.shape[0], x.shape[1], 1], probability, x.device);
        return where(hidden, mask, _padding.Pad(name, x));
    }

    private double ProbabilityOf(string name) =>
        training && _trainingMasks is not null && _trainingMasks.TryGetValue(name, out double trained)
            ? trained
            : _maskProbabilities.GetValueOrDefault(name);

    private void CheckMasks(IReadOnlyDictionary<string, double> probabilities, string argument)
    {
        _modalities.RequireKnown(probabilities.Keys, argument);
        foreach (var (name, probability) in probabilities)
        {
            if (probability is not (>= 0 and <= 1))
                throw new ArgumentException($"The mask probability of '{name}' is {probability}; it must be from 0 to 1.", argument);
        }
    }
}
