using static Microsoft.ML.Perceiver.PerceiverForMultimodalAutoencoding;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Windows as the model's tensors.</summary>
/// <param name="Image">Pixels from 0 to 1, [batch, frames, 3, height, width].</param>
/// <param name="Audio">[batch, samples, 1].</param>
/// <param name="Labels">int64 [batch], -100 for none.</param>
/// <param name="OneHot">[batch, labels], all zero for none.</param>
internal sealed record VideoBatch(Tensor Image, Tensor Audio, Tensor Labels, Tensor OneHot)
{
    internal PerceiverInputs Inputs => new(new Dictionary<string, Tensor>
    {
        [PerceiverForMultimodalAutoencoding.Image] = Image,
        [PerceiverForMultimodalAutoencoding.Audio] = Audio,
        [Label] = OneHot,
    });

    internal PerceiverInputs Targets => new(new Dictionary<string, Tensor>
    {
        [PerceiverForMultimodalAutoencoding.Image] = Image,
        [PerceiverForMultimodalAutoencoding.Audio] = Audio,
        [Label] = Labels,
    });

    /// <summary>Puts windows together, in the model's number format and on its device.</summary>
    internal static VideoBatch Of(PerceiverForMultimodalAutoencoding model, IReadOnlyList<PerceiverVideoExample> windows)
    {
        var e = model.Extents;
        var (device, type, labels) = (model.Device, model.WeightType, model.Config.NumLabels);
        long n = windows.Count;
        var frames = stack(windows.Select(w => tensor(w.Frames, [e.Frames, 3, e.Height, e.Width])));
        var image = frames.to(device).to(ScalarType.Float32).div_(Scalars.Kept(255));
        var audio = stack(windows.Select(w => tensor(w.Audio, [e.Samples, 1]))).to(device);
        float[] oneHot = new float[n * labels];
        for (int i = 0; i < n; i++)
        {
            if (windows[i].Label is { } label)
                oneHot[i * labels + label] = 1;
        }

        return new VideoBatch(
            image.to(type),
            audio.to(type),
            tensor(windows.Select(w => (long)(w.Label ?? -100)).ToArray(), device: device),
            tensor(oneHot, [n, labels]).to(type, device));
    }
}
