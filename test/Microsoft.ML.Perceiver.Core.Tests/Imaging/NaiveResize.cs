namespace Microsoft.ML.Perceiver.Tests.Imaging;

/// <summary>
/// Centre crop and resize written for plainness: the crop is copied, every input pixel is asked for its weight, sums are doubles. The
/// filters' formulas are the textbooks', not those of the code under test.
/// </summary>
internal static class NaiveResize
{
    /// <summary>A picture as [row, column, channel].</summary>
    internal static byte[,,] Random(int height, int width, int channels, int seed)
    {
        var random = new Random(seed);
        byte[,,] picture = new byte[height, width, channels];
        for (int i = 0; i < picture.Length; i++)
            picture[i / channels / width, i / channels % width, i % channels] = (byte)random.Next(256);
        return picture;
    }

    internal static PerceiverImage ToImage(byte[,,] picture)
    {
        byte[] bytes = new byte[picture.Length];
        Buffer.BlockCopy(picture, 0, bytes, 0, bytes.Length);
        return new PerceiverImage(picture.GetLength(0), picture.GetLength(1), picture.GetLength(2), bytes);
    }

    /// <summary>The reference's steps: a canvas as large as picture and crop, the picture in its middle, the crop clipped to it.</summary>
    internal static byte[,,] Crop(byte[,,] picture, int cropHeight, int cropWidth)
    {
        var (top, padTop, canvasHeight) = Axis(picture.GetLength(0), cropHeight);
        var (left, padLeft, canvasWidth) = Axis(picture.GetLength(1), cropWidth);
        byte[,,] canvas = new byte[canvasHeight, canvasWidth, picture.GetLength(2)];
        for (int y = 0; y < picture.GetLength(0); y++)
            for (int x = 0; x < picture.GetLength(1); x++)
                for (int c = 0; c < picture.GetLength(2); c++)
                    canvas[y + padTop, x + padLeft, c] = picture[y, x, c];
        int y0 = Math.Max(top + padTop, 0), y1 = Math.Min(top + padTop + cropHeight, canvasHeight);
        int x0 = Math.Max(left + padLeft, 0), x1 = Math.Min(left + padLeft + cropWidth, canvasWidth);
        byte[,,] crop = new byte[y1 - y0, x1 - x0, picture.GetLength(2)];
        for (int y = y0; y < y1; y++)
            for (int x = x0; x < x1; x++)
                for (int c = 0; c < picture.GetLength(2); c++)
                    crop[y - y0, x - x0, c] = canvas[y, x, c];
        return crop;
    }

    internal static byte[,,] Resize(byte[,,] picture, int height, int width, PerceiverResampling resampling)
    {
        var across = resampling == PerceiverResampling.Nearest ? Nearest(picture.GetLength(1), width) : Weights(picture.GetLength(1), width, resampling);
        var down = resampling == PerceiverResampling.Nearest ? Nearest(picture.GetLength(0), height) : Weights(picture.GetLength(0), height, resampling);
        byte[,,] middle = new byte[picture.GetLength(0), width, picture.GetLength(2)];
        for (int y = 0; y < middle.GetLength(0); y++)
            for (int x = 0; x < width; x++)
                for (int c = 0; c < middle.GetLength(2); c++)
                    middle[y, x, c] = ToByte(Enumerable.Range(0, picture.GetLength(1)).Sum(i => across[x, i] * picture[y, i, c]));
        byte[,,] result = new byte[height, width, picture.GetLength(2)];
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
                for (int c = 0; c < middle.GetLength(2); c++)
                    result[y, x, c] = ToByte(Enumerable.Range(0, middle.GetLength(0)).Sum(i => down[y, i] * middle[i, x, c]));
        return result;
    }

    // Python's // rounds down, also below zero.
    private static (int Start, int Padding, int Canvas) Axis(int picture, int crop)
    {
        int canvas = Math.Max(crop, picture);
        return ((int)Math.Floor((picture - crop) / 2.0), (canvas - picture) / 2, canvas);
    }

    private static double[,] Weights(int input, int output, PerceiverResampling resampling)
    {
        double[,] weights = new double[output, input];
        double scale = (double)input / output, stretch = Math.Max(scale, 1);
        for (int o = 0; o < output; o++)
        {
            double sum = 0;
            for (int i = 0; i < input; i++)
                sum += weights[o, i] = input == output ? (i == o ? 1 : 0) : Filter(resampling, (i + 0.5 - (o + 0.5) * scale) / stretch);
            for (int i = 0; i < input; i++)
                weights[o, i] /= sum;
        }

        return weights;
    }

    private static double[,] Nearest(int input, int output)
    {
        double[,] weights = new double[output, input];
        // Whole numbers, as (o + 1/2) * input / output is a fraction of them.
        for (int o = 0; o < output; o++)
            weights[o, (int)((2L * o + 1) * input / (2L * output))] = 1;
        return weights;
    }

    private static double Filter(PerceiverResampling resampling, double x)
    {
        double d = Math.Abs(x);
        double sinc = d == 0 ? 1 : Math.Sin(Math.PI * d) / (Math.PI * d);
        return resampling switch
        {
            PerceiverResampling.Box => x > -0.5 && x <= 0.5 ? 1 : 0,
            PerceiverResampling.Bilinear => d < 1 ? 1 - d : 0,
            PerceiverResampling.Hamming => d < 1 ? sinc * (0.54 + 0.46 * Math.Cos(Math.PI * d)) : 0,
            PerceiverResampling.Bicubic => d < 1 ? 1.5 * Math.Pow(d, 3) - 2.5 * d * d + 1 : d < 2 ? -0.5 * Math.Pow(d, 3) + 2.5 * d * d - 4 * d + 2 : 0,
            _ => d == 0 ? 1 : d < 3 ? sinc * Math.Sin(Math.PI * d / 3) / (Math.PI * d / 3) : 0,
        };
    }

    private static byte ToByte(double value) => (byte)Math.Clamp(Math.Floor(value + 0.5), 0, 255);
}
