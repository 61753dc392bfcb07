namespace Microsoft.ML.Perceiver;

/// <summary>
/// Flow in KITTI's PNG files of 16 bits a channel: red is u x 64 + 32768, green v x 64 + 32768, blue 1 where the motion is known. Motions
/// reach from -512 to 512 pixels, in steps of 1/64.
/// </summary>
public static class KittiFlowFile
{
    private const float Steps = 64;
    private const int Middle = 32768, Channels = 3;

    /// <summary>Reads a flow; pixels of unknown motion are not a number.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The flow in pixels.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="FormatException">It is no such file, or damaged; the message gives the position.</exception>
    public static PerceiverFlowField Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var (height, width, samples) = DeepPng.Read(path);
        var flow = new PerceiverFlowField(height, width);
        for (int pixel = 0; pixel < height * width; pixel++)
        {
            var colours = samples.AsSpan(pixel * Channels, Channels);
            bool known = colours[2] != 0;
            flow.Values[pixel * PerceiverFlowField.Components] = known ? (colours[0] - Middle) / Steps : float.NaN;
            flow.Values[pixel * PerceiverFlowField.Components + 1] = known ? (colours[1] - Middle) / Steps : float.NaN;
        }

        return flow;
    }

    /// <summary>Writes a flow; the file is replaced as a whole.</summary>
    /// <param name="path">The file.</param>
    /// <param name="flow">The flow.</param>
    /// <exception cref="ArgumentException">A motion is longer than the format allows.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, PerceiverFlowField flow)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(flow);
        ushort[] samples = new ushort[checked(flow.Height * flow.Width * Channels)];
        for (int pixel = 0; pixel < flow.Height * flow.Width; pixel++)
        {
            int at = pixel * PerceiverFlowField.Components;
            if (!flow.IsKnownAt(at))
                continue;
            samples[pixel * Channels] = Sample(flow.Values[at], pixel, flow.Width);
            samples[pixel * Channels + 1] = Sample(flow.Values[at + 1], pixel, flow.Width);
            samples[pixel * Channels + 2] = 1;
        }

        DeepPng.Write(path, flow.Height, flow.Width, samples);
    }

    private static ushort Sample(float motion, int pixel, int width)
    {
        float sample = MathF.Round(motion * Steps) + Middle;
        return sample is >= 0 and <= ushort.MaxValue
            ? (ushort)sample
            : throw new ArgumentException(
                $"The motion {motion} of the pixel in row {pixel / width}, column {pixel % width} is beyond KITTI's 512 pixels.",
                nameof(motion));
    }
}
