namespace Microsoft.ML.Perceiver;

/// <summary>A class as a sequence of one vector (reference class <c>PerceiverOneHotPreprocessor</c>).</summary>
public sealed class PerceiverOneHotPreprocessor : PerceiverPreprocessor
{
    /// <summary>Makes the preprocessor of a configuration: vectors of <see cref="PerceiverConfig.NumLabels"/> channels.</summary>
    /// <param name="config">The configuration.</param>
    /// <exception cref="ArgumentNullException"><paramref name="config"/> is null.</exception>
    public PerceiverOneHotPreprocessor(PerceiverConfig config) : base(nameof(PerceiverOneHotPreprocessor))
    {
        ArgumentNullException.ThrowIfNull(config);
        NumChannels = config.NumLabels;
    }

    /// <inheritdoc/>
    public override int NumChannels { get; }

    /// <summary>Adds the axis of the sequence.</summary>
    /// <param name="inputs">Floats, [batch, <see cref="NumChannels"/>].</param>
    /// <returns>[batch, 1, <see cref="NumChannels"/>].</returns>
    /// <exception cref="ArgumentException">The input has another shape.</exception>
    public override PerceiverPreprocessedInputs forward(PerceiverInputs inputs)
    {
        var classes = inputs.Tensor;
        if (classes.dim() != 2 || classes.shape[1] != NumChannels)
        {
            throw new ArgumentException(
                $"The classes have the shape [{string.Join(", ", classes.shape)}]; they need [batch, {NumChannels}].", nameof(inputs));
        }

        var sequence = classes.unsqueeze(1);
        return new PerceiverPreprocessedInputs(sequence, sequence.alias());
    }

    /// <inheritdoc/>
    internal override OnnxInputs InputsToOnnx(OnnxBuilder builder, OnnxExtents extents, string? name = null) =>
        builder.Input(name ?? "inputs", OnnxElement.Float, "batch", NumChannels);

    /// <inheritdoc/>
    internal override OnnxPreprocessed ToOnnx(OnnxBuilder builder, OnnxInputs inputs)
    {
        var sequence = builder.Unsqueeze(inputs.Value, 1);
        return new OnnxPreprocessed(sequence, sequence);
    }
}
