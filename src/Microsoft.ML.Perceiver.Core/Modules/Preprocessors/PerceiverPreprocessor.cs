using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Turns a kind of input into a sequence of vectors for the encoder. Derive from it to give <see cref="PerceiverModel"/> an input of your
/// own (reference class <c>AbstractPreprocessor</c>).
/// </summary>
public abstract class PerceiverPreprocessor : nn.Module
{
    /// <summary>For derived classes.</summary>
    /// <param name="name">The module's name.</param>
    protected PerceiverPreprocessor(string name) : base(name)
    {
    }

    /// <summary>Width of the vectors that <see cref="forward"/> returns.</summary>
    public abstract int NumChannels { get; }

    /// <summary>Turns an input into a sequence of vectors.</summary>
    /// <param name="inputs">The input, in the shape that the derived class documents.</param>
    /// <returns>The vectors, [batch, inputs, channels], and the sizes of the modalities.</returns>
    /// <exception cref="ArgumentException">The input does not have that shape.</exception>
    public abstract PerceiverPreprocessedInputs forward(PerceiverInputs inputs);
}
