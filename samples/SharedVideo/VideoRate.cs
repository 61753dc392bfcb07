using System.Globalization;

namespace Samples;

/// <summary>Frame rates that OpenCV writes as MPEG-4, whose clock has 65535 ticks a second at most.</summary>
internal static class VideoRate
{
    private const int MostTicks = 65535;

    // Half a frame in 200.
    private const double MostDeviation = 0.0025;

    /// <summary>The rate next to a wanted one that can be written: 211.22 for 211.222.</summary>
    /// <exception cref="IOException">There is none within a quarter of a percent.</exception>
    public static double Writable(double rate)
    {
        if (double.IsFinite(rate) && rate > 0 && rate <= MostTicks)
        {
            for (int perSecond = 1000; perSecond >= 1; perSecond /= 10)
            {
                double near = Math.Round(rate * perSecond) / perSecond;
                if (Written(near) is { } written && Math.Abs(written - rate) <= MostDeviation * rate)
                    return near;
            }
        }

        throw new IOException(string.Create(
            CultureInfo.InvariantCulture,
            $"A video of {rate} frames a second cannot be written as MPEG-4: rates up to {MostTicks} can, in steps of a thousandth. "
            + $"Convert the video to another rate first, e.g. ffmpeg -i FILE -r 25 NEW.mp4."));
    }

    // OpenCV takes the first of rate / 1, rate / 10, rate / 100, ... that is within a thousandth.
    private static double? Written(double rate)
    {
        for (int perSecond = 1; perSecond <= 1000; perSecond *= 10)
        {
            int frames = (int)(rate * perSecond + 0.5);
            double written = (double)frames / perSecond;
            if (Math.Abs(written - rate) <= 0.001)
                return frames is > 0 and <= MostTicks ? written : null;
        }

        return null;
    }
}
