namespace VideoAutoencoder;

/// <summary>Peak signal-to-noise ratios in decibels: of pixels for a peak of 255, of samples for one of 1.</summary>
internal static class Quality
{
    /// <summary>Of the reconstructed pixels.</summary>
    public static double OfImages(IReadOnlyList<Reconstruction> rows) =>
        Decibels(rows.SelectMany(r => r.Frames.Zip(r.ReconstructedFrames, (a, b) => Square((a - b) / 255.0))));

    /// <summary>Of one image in place of every frame.</summary>
    public static double OfImage(IReadOnlyList<Reconstruction> rows, double[] image) =>
        Decibels(rows.SelectMany(r => r.Frames.Select((a, i) => Square((a - image[i % image.Length]) / 255))));

    /// <summary>Of the mean colour of each frame in place of it.</summary>
    public static double OfMeanColours(IReadOnlyList<Reconstruction> rows, int side) =>
        Decibels(rows.SelectMany(r => r.Frames.Chunk(side * side)).SelectMany(plane =>
        {
            double mean = plane.Average(v => (double)v);
            return plane.Select(v => Square((v - mean) / 255));
        }));

    /// <summary>Of the reconstructed samples.</summary>
    public static double OfAudio(IReadOnlyList<Reconstruction> rows) =>
        Decibels(rows.SelectMany(r => r.Audio.Zip(r.ReconstructedAudio, (a, b) => Square((double)a - b))));

    /// <summary>Of silence in place of the audio.</summary>
    public static double OfSilence(IReadOnlyList<Reconstruction> rows) => Decibels(rows.SelectMany(r => r.Audio.Select(a => Square(a))));

    /// <summary>The mean of images, value by value.</summary>
    public static double[] Mean(IEnumerable<byte[]> images)
    {
        double[] sum = [];
        int count = 0;
        foreach (byte[] image in images)
        {
            if (count++ == 0)
                sum = new double[image.Length];
            for (int i = 0; i < sum.Length; i++)
                sum[i] += image[i];
        }

        return [.. sum.Select(s => s / count)];
    }

    private static double Square(double x) => x * x;

    private static double Decibels(IEnumerable<double> squares) => -10 * Math.Log10(squares.Average());
}
