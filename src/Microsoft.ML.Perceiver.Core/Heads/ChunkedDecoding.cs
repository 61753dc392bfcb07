using static Microsoft.ML.Perceiver.PerceiverForMultimodalAutoencoding;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Decodes the multimodal autoencoder's points from the latents, as many at a time as a budget of memory allows.</summary>
internal sealed class ChunkedDecoding(
    PerceiverMultimodalDecoder decoder,
    PerceiverMultimodalPostprocessor postprocessor,
    PerceiverMultimodalExtents extents,
    long maxBytes,
    CancellationToken cancellation)
{
    // Larger chunks are no faster on a CPU: the matrices are large enough by then, and no longer fit into the caches.
    internal const long DefaultBytes = 16L << 20;

    internal PerceiverMultimodalOutput Run(Tensor latents, IReadOnlyDictionary<string, Tensor>? points)
    {
        using var scope = NewDisposeScope();
        var result = new PerceiverMultimodalOutput
        {
            Image = RunOne(Image, latents, points?.GetValueOrDefault(Image)),
            Audio = RunOne(Audio, latents, points?.GetValueOrDefault(Audio)),
            Label = RunOne(Label, latents),
        };
        result.MoveToOuterDisposeScope();
        return result;
    }

    /// <summary>The output of one modality, as <see cref="PerceiverMultimodalOutput"/> has them.</summary>
    internal Tensor RunOne(string modality, Tensor latents, Tensor? points = null)
    {
        using var scope = NewDisposeScope();
        if (modality == Image && points is null)
            return WholeVideo(latents).MoveToOuterDisposeScope();
        points ??= TensorNumbers.Indices(modality == Audio ? extents.AudioPoints : 1, ScalarType.Int64, latents.device);
        return AtPoints(modality, points, latents).MoveToOuterDisposeScope();
    }

    /// <summary>A modality's results at some points, joined along the second axis.</summary>
    private Tensor AtPoints(string modality, Tensor points, Tensor latents)
    {
        if (points.dim() != 1 || points.dtype != ScalarType.Int64)
        {
            throw new ArgumentException(
                $"The points of '{modality}' are {points.dtype} [{string.Join(", ", points.shape)}]; they need to be Int64 [points].");
        }

        var parts = new List<Tensor>();
        int step = QueriesWithin(latents);
        for (long start = 0; start < points.shape[0]; start += step)
        {
            cancellation.ThrowIfCancellationRequested();
            using var chunk = NewDisposeScope();
            var query = decoder.QueryAt(modality, points.narrow(0, start, Math.Min(step, points.shape[0] - start)));
            var decoded = decoder.forward(query, latents).Logits;
            parts.Add(postprocessor.Of(modality).forward(decoded).MoveToOuterDisposeScope());
        }

        return parts.Count == 1 ? parts[0] : cat(parts, 1);
    }

    private Tensor WholeVideo(Tensor latents)
    {
        var projection = (PerceiverProjectionPostprocessor)postprocessor.Of(Image);
        using var folded = decoder.FoldFor(Image, projection, [extents.Frames, extents.Height, extents.Width]);
        var videos = new List<Tensor>();
        for (long i = 0; i < latents.shape[0]; i++)
        {
            using var one = NewDisposeScope();
            var video = empty(extents.ImagePoints, folded.OutputChannels, ScalarType.Float32, latents.device);
            var grid = folded.For(latents[i]);
            int rows = (int)Math.Clamp(maxBytes / grid.BytesPerRow, 1, grid.Rows);
            for (int row = 0; row < grid.Rows; row += rows)
            {
                cancellation.ThrowIfCancellationRequested();
                int count = Math.Min(rows, grid.Rows - row);
                using var pixels = grid.Decode(row, count);
                video.narrow(0, (long)row * extents.Width, (long)count * extents.Width).copy_(pixels);
            }

            videos.Add(video.MoveToOuterDisposeScope());
        }

        return stack(videos, 0);
    }

    // A query and the outputs of the attention and the feed-forward layer for it, in float32, for each input of the batch.
    private int QueriesWithin(Tensor latents)
    {
        long bytes = sizeof(float) * latents.shape[0] * (8L * decoder.NumQueryChannels + 4 * latents.shape[2] + 2 * latents.shape[1]);
        return (int)Math.Clamp(maxBytes / bytes, 1, int.MaxValue);
    }
}
