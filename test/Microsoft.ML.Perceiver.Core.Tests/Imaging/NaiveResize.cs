namespace Microsoft.ML.Perceiver.Tests.Imaging;

/// <summary>
/// Centre crop and resize written for plainness: the crop is copied, every input pixel is asked for its weight, sums are doubles. The
/// filters' formulas are the textbooks', not those of the code under test.
/// </summary>
internal static class NaiveResize
{
    /// <summary>An image as [row, column, channel].</summary>
    internal static byte[,,] Random(int height, int width, int channels, int seed)
    {
        var random = new Random(seed);
        byte[,,] image = new byte[height, width, channels];
        for (int i = 0; i < image.Length; i++)
            image[i / channels / width, i / channels % width, i % channels] = (byte)random.Next(256);
        return image;
    }

    internal static PerceiverImage ToImage(byte[,,] image)
    {
        byte[] bytes = new byte[image.Length];
        Buffer.BlockCopy(image, 0, bytes, 0, bytes.Length);
        return new PerceiverImage(image.GetLength(0), image.GetLength(1), image.GetLength(2), bytes);
    }

    /// <summary>The reference's steps: a canvas as large as image and crop, the image in its middle, the crop clipped to it.</summary>
    internal static byte[,,] Crop(byte[,,] image, int cropHeight, int cropWidth)
    {
        var (top, padTop, canvasHeight) = Axis(image.GetLength(0), cropHeight);
        var (left, padLeft, canvasWidth) = Axis(image.GetLength(1), cropWidth);
        byte[,,] canvas = new byte[canvasHeight, canvasWidth, image.GetLength(2)];
        for (int y = 0; y < image.GetLength(0); y++)
            for (int x = 0; x < image.GetLength(1); x++)
                for (int c = 0; c < image.GetLength(2); c++)
                    canvas[y + padTop, x + padLeft, c] = image[y, x, c];
        int y0 = Math.Max(top + padTop, 0), y1 = Math.Min(top + padTop + cropHeight, canvasHeight);
        int x0 = Math.Max(left + padLeft, 0), x1 = Math.Min(left + padLeft + cropWidth, canvasWidth);
        byte[,,] crop = new byte[y1 - y0, x1 - x0, image.GetLength(2)];
        for (int y = y0; y < y1; y++)
            for (int x = x0; x < x1; x++)
                for (int c = 0; c < image.GetLength(2); c++)
                    crop[y - y0, x - x0, c] = canvas[y, x, c];
        return crop;
    }

    internal static byte[,,] Resize(byte[,,] image, int height, int width, PerceiverResampling resampling)
    {
        var across = resampling == PerceiverResampling.Nearest
            ? Nearest(image.GetLength(1), width)
            : Weights(image.GetLength(1), width, resampling);
        var down = resampling == PerceiverResampling.Nearest
            ? Nearest(image.GetLength(0), height)
            : Weights(image.GetLength(0), height, resampling);
        byte[,,] middle = new byte[image.GetLength(0), width, image.GetLength(2)];
        for (int y = 0; y < middle.GetLength(0); y++)
            for (int x = 0; x < width; x++)
                for (int c = 0; c < middle.GetLength(2); c++)
                    middle[y, x, c] = ToByte(Enumerable.Range(0, image.GetLength(1)).Sum(i => across[x, i] * image[y, i, c]));
        byte[,,] result = new byte[height, width, image.GetLength(2)];
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
                for (int c = 0; c < middle.GetLength(2); c++)
                    result[y, x, c] = ToByte(Enumerable.Range(0, middle.GetLength(0)).Sum(i => down[y, i] * middle[i, x, c]));
        return result;
    }

    // Python's // rounds down, also below zero.
    private static (int Start, int Padding, int Canvas) Axis(int image, int crop)
    {
        int canvas = Math.Max(crop, image);
        return ((int)Math.Floor((image - crop) / 2.0), (canvas - image) / 2, canvas);
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
            PerceiverResampling.Bicubic when d < 1 => 1.5 * Math.Pow(d, 3) - 2.5 * d * d + 1,
            PerceiverResampling.Bicubic => d < 2 ? -0.5 * Math.Pow(d, 3) + 2.5 * d * d - 4 * d + 2 : 0,
            _ => d == 0 ? 1 : d < 3 ? sinc * Math.Sin(Math.PI * d / 3) / (Math.PI * d / 3) : 0,
        };
    }

    private static byte ToByte(double value) => (byte)Math.Clamp(Math.Floor(value + 0.5), 0, 255);
}
