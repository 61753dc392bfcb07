namespace Microsoft.ML.Perceiver;

/// <summary>Training pictures of 8 bits to what the model reads: a view of each, normalised.</summary>
internal sealed class ImageSampler
{
    private readonly float[] _scale, _offset;

    /// <param name="scale">The factor of each channel's values, from 0 to 255.</param>
    /// <param name="offset">What is added afterwards.</param>
    internal ImageSampler(float[] scale, float[] offset)
    {
        _scale = scale;
        _offset = offset;
    }

    /// <summary>Writes a view of a picture, interpolated linearly; beyond its edges they are repeated.</summary>
    /// <param name="pixels">The picture, height x width x channels.</param>
    /// <param name="height">Its height, and that of the view.</param>
    /// <param name="width">Its width, and that of the view.</param>
    /// <param name="view">Which part of it.</param>
    /// <param name="destination">channels x height x width.</param>
    internal void Write(ReadOnlySpan<byte> pixels, int height, int width, ImageView view, Span<float> destination)
    {
        int channels = _scale.Length;
        Span<int> columns = width <= 512 ? stackalloc int[2 * width] : new int[2 * width];
        Span<float> weights = width <= 512 ? stackalloc float[width] : new float[width];
        for (int x = 0; x < width; x++)
        {
            int from = view.Flip ? width - 1 - x : x;
            (columns[2 * x], columns[2 * x + 1], weights[x]) = Neighbours(view.Left, view.Width, from, width);
            columns[2 * x] *= channels;
            columns[2 * x + 1] *= channels;
        }

        for (int y = 0; y < height; y++)
        {
            var (above, below, down) = Neighbours(view.Top, view.Height, y, height);
            var upper = pixels.Slice(above * width * channels, width * channels);
            var lower = pixels.Slice(below * width * channels, width * channels);
            for (int c = 0; c < channels; c++)
            {
                // p -> (p - 127.5) * contrast + 127.5 + 255 * brightness, and then the normalisation, in one.
                float scale = (float)(_scale[c] * view.Contrast);
                float offset = (float)(_offset[c] + _scale[c] * (127.5 * (1 - view.Contrast) + 255 * view.Brightness));
                var row = destination.Slice((c * height + y) * width, width);
                for (int x = 0; x < width; x++)
                {
                    int left = columns[2 * x] + c, right = columns[2 * x + 1] + c;
                    float across = weights[x];
                    float top = upper[left] + (upper[right] - upper[left]) * across;
                    float bottom = lower[left] + (lower[right] - lower[left]) * across;
                    row[x] = (top + (bottom - top) * down) * scale + offset;
                }
            }
        }
    }

    // The two pixels that a view's pixel lies between, and how far it is from the first.
    private static (int First, int Second, float Weight) Neighbours(double start, double length, int index, int count)
    {
        double place = (start + length * (index + 0.5) / count) * count - 0.5;
        // A picture as it is must come through without the noise of these sums.
        double nearest = Math.Round(place);
        if (Math.Abs(place - nearest) < 1e-6)
            place = nearest;
        int first = (int)Math.Floor(place);
        float weight = (float)(place - first);
        return (Math.Clamp(first, 0, count - 1), Math.Clamp(first + 1, 0, count - 1), weight);
    }
}
