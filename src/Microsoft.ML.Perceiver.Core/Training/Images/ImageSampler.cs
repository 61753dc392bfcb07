namespace Microsoft.ML.Perceiver;

/// <summary>Turns training images of 8 bits into what the model reads: a view of each, normalised.</summary>
internal sealed class ImageSampler
{
    private readonly float[] _scale;
    private readonly float[] _offset;

    /// <param name="options">The processor's settings, of which rescaling and normalisation are done here.</param>
    /// <param name="channels">The images' channels.</param>
    internal ImageSampler(PerceiverImageProcessorOptions options, int channels)
    {
        double factor = options.DoRescale ? options.RescaleFactor : 1;
        _scale = new float[channels];
        _offset = new float[channels];
        for (int c = 0; c < channels; c++)
        {
            double deviation = options.DoNormalize ? options.ImageStd[c % options.ImageStd.Count] : 1;
            _scale[c] = (float)(factor / deviation);
            _offset[c] = options.DoNormalize ? (float)(-options.ImageMean[c % options.ImageMean.Count] / deviation) : 0;
        }
    }

    /// <summary>Writes a view of an image, interpolated linearly; the edge pixels are repeated beyond the edges.</summary>
    /// <param name="pixels">The image, channels x height x width.</param>
    /// <param name="height">Its height, and that of the view.</param>
    /// <param name="width">Its width, and that of the view.</param>
    /// <param name="view">Which part of it.</param>
    /// <param name="destination">channels x height x width.</param>
    internal void Write(ReadOnlySpan<byte> pixels, int height, int width, ImageView view, Span<float> destination)
    {
        Span<int> columns = width <= 512 ? stackalloc int[2 * width] : new int[2 * width];
        Span<float> weights = width <= 512 ? stackalloc float[width] : new float[width];
        for (int x = 0; x < width; x++)
            (columns[2 * x], columns[2 * x + 1], weights[x]) = Neighbours(view.Left, view.Width, view.Flip ? width - 1 - x : x, width);
        for (int y = 0; y < height; y++)
        {
            var (above, below, down) = Neighbours(view.Top, view.Height, y, height);
            for (int c = 0; c < _scale.Length; c++)
            {
                // p -> (p - 127.5) * contrast + 127.5 + 255 * brightness, and then the normalisation, in one.
                float scale = (float)(_scale[c] * view.Contrast);
                float offset = (float)(_offset[c] + _scale[c] * (127.5 * (1 - view.Contrast) + 255 * view.Brightness));
                var upper = pixels.Slice((c * height + above) * width, width);
                var lower = pixels.Slice((c * height + below) * width, width);
                var row = destination.Slice((c * height + y) * width, width);
                for (int x = 0; x < row.Length; x++)
                {
                    int left = columns[2 * x], right = columns[2 * x + 1];
                    float top = upper[left] + (upper[right] - upper[left]) * weights[x];
                    float bottom = lower[left] + (lower[right] - lower[left]) * weights[x];
                    row[x] = (top + (bottom - top) * down) * scale + offset;
                }
            }
        }
    }

    // The two pixels that a view's pixel lies between, and how far it is from the first.
    private static (int First, int Second, float Weight) Neighbours(double start, double length, int index, int count)
    {
        double place = (start + length * (index + 0.5) / count) * count - 0.5;
        // The rounding of these sums must not change an image that is seen whole.
        double nearest = Math.Round(place);
        if (Math.Abs(place - nearest) < 1e-6)
            place = nearest;
        int first = (int)Math.Floor(place);
        float weight = (float)(place - first);
        return (Math.Clamp(first, 0, count - 1), Math.Clamp(first + 1, 0, count - 1), weight);
    }
}
