using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// A whole video as the autoencoder reconstructs it. The tensors belong to the caller: dispose the object, or use a dispose scope.
/// </summary>
/// <param name="Image">The frames, float32 [batch, frames, 3, height, width].</param>
/// <param name="Audio">The audio, [batch, samples].</param>
/// <param name="Label">Scores of the labels before softmax, [batch, labels].</param>
public sealed record PerceiverReconstruction(Tensor Image, Tensor Audio, Tensor Label) : IDisposable
{
    /// <summary>Releases the tensors.</summary>
    public void Dispose()
    {
        Image.Dispose();
        Audio.Dispose();
        Label.Dispose();
    }
}
