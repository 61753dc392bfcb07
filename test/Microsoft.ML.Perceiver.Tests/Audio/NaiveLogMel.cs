namespace Microsoft.ML.Perceiver.Tests.Audio;

/// <summary>Log-mel frames as their definition says, in double precision, term by term.</summary>
internal static class NaiveLogMel
{
    internal static double[][] Frames(
        float[] samples, int rate, int window, int hop, int fft, int bands, double lowest, double highest, double floor)
    {
        var frames = new List<double[]>();
        // Frames begin every hop until one reaches the end.
        for (int start = 0; start < samples.Length && (start == 0 || start - hop + window < samples.Length); start += hop)
        {
            double[] windowed = new double[window];
            for (int i = 0; i < window && start + i < samples.Length; i++)
                windowed[i] = samples[start + i] * (0.5 - 0.5 * Math.Cos(2 * Math.PI * i / window));
            double[] sums = new double[bands];
            for (int k = 0; k <= fft / 2; k++)
            {
                double real = 0, imaginary = 0;
                for (int i = 0; i < window; i++)
                {
                    double angle = 2 * Math.PI * k * i / fft;
                    real += windowed[i] * Math.Cos(angle);
                    imaginary -= windowed[i] * Math.Sin(angle);
                }

                double power = real * real + imaginary * imaginary;
                for (int band = 0; band < bands; band++)
                    sums[band] += power * Weight((double)k * rate / fft, band, bands, lowest, highest);
            }

            frames.Add(Array.ConvertAll(sums, sum => Math.Log(sum + floor)));
        }

        return [.. frames];
    }

    private static double Weight(double frequency, int band, int bands, double lowest, double highest)
    {
        double left = Edge(band), middle = Edge(band + 1), right = Edge(band + 2);
        if (frequency <= left || frequency >= right)
            return 0;
        return frequency <= middle ? (frequency - left) / (middle - left) : (right - frequency) / (right - middle);

        double Edge(int i) => Hertz(Mel(lowest) + i * (Mel(highest) - Mel(lowest)) / (bands + 1));
    }

    private static double Mel(double hertz) => 2595 * Math.Log(1 + hertz / 700) / Math.Log(10);

    private static double Hertz(double mel) => 700 * (Math.Exp(mel * Math.Log(10) / 2595) - 1);
}
