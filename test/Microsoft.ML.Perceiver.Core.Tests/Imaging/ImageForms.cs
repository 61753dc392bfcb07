namespace Microsoft.ML.Perceiver.Tests.Imaging;

/// <summary>The same image in every other form that a <see cref="PerceiverImage"/> has.</summary>
internal static class ImageForms
{
    internal static IEnumerable<(string Form, PerceiverImage Image)> Of(PerceiverImage image)
    {
        int height = image.Height, width = image.Width, channels = image.Channels;
        byte[] last = image.Pixels.ToArray();
        yield return (
            "channels first", new PerceiverImage(height, width, channels, ToFirst(last, channels), PerceiverImageLayout.ChannelsFirst));
        if (channels != 3)
            yield break;
        yield return (
            "blue first",
            new PerceiverImage(height, width, 3, Pick(last, [2, 1, 0]), PerceiverImageLayout.ChannelsLast) { BlueFirst = true });
        byte[] alpha = Pick(last, [0, 1, 2, -1]);
        yield return ("alpha", new PerceiverImage(height, width, 4, alpha));
        yield return ("alpha, channels first", new PerceiverImage(height, width, 4, ToFirst(alpha, 4), PerceiverImageLayout.ChannelsFirst));
        yield return ("alpha, blue first", new PerceiverImage(height, width, 4, Pick(last, [2, 1, 0, -1])) { BlueFirst = true });
        if (Enumerable.Range(0, last.Length / 3).All(i => last[i * 3] == last[i * 3 + 1] && last[i * 3] == last[i * 3 + 2]))
            yield return ("grey as one channel", new PerceiverImage(height, width, 1, Pick(last, [1])));
    }

    internal static byte[] ToFirst(byte[] last, int channels)
    {
        byte[] first = new byte[last.Length];
        int plane = last.Length / channels;
        for (int i = 0; i < last.Length; i++)
            first[i % channels * plane + i / channels] = last[i];
        return first;
    }

    // Takes channels of pixels of three bytes; -1 makes one up.
    private static byte[] Pick(byte[] last, int[] channels)
    {
        byte[] picked = new byte[last.Length / 3 * channels.Length];
        for (int i = 0; i < picked.Length; i++)
        {
            int c = channels[i % channels.Length];
            picked[i] = c < 0 ? (byte)(i * 7) : last[i / channels.Length * 3 + c];
        }

        return picked;
    }
}
