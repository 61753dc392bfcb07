using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Turns audio into vectors with positions (reference class <c>PerceiverAudioPreprocessor</c>; keys <c>position_embeddings</c> and
/// <c>positions_projection</c>).
/// </summary>
public sealed class PerceiverAudioPreprocessor : PerceiverPreprocessor
{
    [ComponentName(Name = "position_embeddings")] private readonly TrainablePositionEncoding? _trainable;
    [ComponentName(Name = "positions_projection")] private readonly PerceiverLinear? _projection;
    private readonly PerceiverAudioPreprocessorOptions _options;
    private readonly PositionEncoder _positions;

    /// <summary>Makes a preprocessor.</summary>
    /// <param name="options">Its settings.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException">Settings are out of range or missing.</exception>
    public PerceiverAudioPreprocessor(PerceiverAudioPreprocessorOptions options) : base(nameof(PerceiverAudioPreprocessor))
    {
        ArgumentNullException.ThrowIfNull(options);
        Check(options);
        _options = options;
        _positions = new PositionEncoder(options.PositionEncoding with { OutChannels = options.OutChannels });
        (_trainable, _projection) = (_positions.Trainable, _positions.Projection);
        NumChannels = _positions.Channels + (options.PositionCombination == PerceiverPositionCombination.Add ? 0 : options.SamplesPerPatch);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int NumChannels { get; }

    /// <summary>Turns audio into vectors, one for each patch.</summary>
    /// <param name="inputs">Samples, floats [batch, samples] or [batch, samples, channels]; a row's values must fill whole patches.</param>
    /// <returns>[batch, patches, <see cref="NumChannels"/>], and the patches without positions.</returns>
    /// <exception cref="ArgumentException">
    /// The samples have another shape or type, fill no whole patches, or do not fit the positions.
    /// </exception>
    public override PerceiverPreprocessedInputs forward(PerceiverInputs inputs)
    {
        var samples = inputs.Tensor;
        if (samples.dim() is not (2 or 3))
        {
            throw new ArgumentException(
                $"The audio has the shape [{string.Join(", ", samples.shape)}]; it needs [batch, samples] or [batch, samples, channels].",
                nameof(inputs));
        }

        if (!samples.is_floating_point())
            throw new ArgumentException($"The audio is of type {samples.dtype}; it needs to be floats.", nameof(inputs));
        long values = samples.shape[1..].Aggregate(1L, (a, b) => a * b);
        if (values == 0 || values % _options.SamplesPerPatch != 0)
        {
            throw new ArgumentException(
                $"The audio has {values} samples, which are no whole patches of {_options.SamplesPerPatch}.", nameof(inputs));
        }

        long count = values / _options.SamplesPerPatch;
        if (_trainable is not null && _trainable.Positions != count)
        {
            throw new ArgumentException(
                $"The audio has {count} patches; the trained positions are {_trainable.Positions}.", nameof(inputs));
        }

        using var scope = NewDisposeScope();
        var patches = samples.reshape(samples.shape[0], count, _options.SamplesPerPatch);
        var positions = _positions.Grid([count], patches.dtype, patches.device);
        var result = PositionEncoder.Combine(patches, positions, _options.PositionCombination);
        return new PerceiverPreprocessedInputs(result.MoveToOuterDisposeScope(), patches.MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    internal override OnnxInputs InputsToOnnx(OnnxBuilder builder, OnnxExtents extents, string? name = null)
    {
        long samples = _trainable is null ? extents.Samples : _trainable.Positions * _options.SamplesPerPatch;
        return builder.Input(name ?? "inputs", OnnxElement.Float, "batch", samples, 1);
    }

    /// <inheritdoc/>
    internal override OnnxPreprocessed ToOnnx(OnnxBuilder builder, OnnxInputs inputs)
    {
        var samples = inputs.Value;
        long count = samples.Shape.Skip(1).Aggregate(1L, (a, b) => a * b.Factor) / _options.SamplesPerPatch;
        var patches = builder.Reshape(samples, samples[0], count, _options.SamplesPerPatch);
        var positions = _positions.GridToOnnx(builder, [count]);
        var result = PositionEncoder.CombineToOnnx(builder, patches, positions, _options.PositionCombination);
        return new OnnxPreprocessed(result, patches);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _positions.Dispose();
        base.Dispose(disposing);
    }

    private static void Check(PerceiverAudioPreprocessorOptions o)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(o.SamplesPerPatch);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(o.OutChannels);
        if (!Enum.IsDefined(o.PrepType))
            throw new ArgumentException($"{o.PrepType} is no way of preparing audio.", nameof(o));
        if (!Enum.IsDefined(o.PositionCombination))
            throw new ArgumentException($"{o.PositionCombination} is no way of combining positions.", nameof(o));
        if (o.PositionEncoding is null or { Kind: PerceiverPositionEncodingKind.None })
            throw new ArgumentException("Audio needs positions, trainable or Fourier ones.", nameof(o));
    }
}
