using static Walkthrough.Page;

namespace Walkthrough.Cells;

internal static class VideoCell
{
    public static void Run(MLContext ml)
    {
        #region Video with sound
        // Sixteen frames and their sound go in together, are kept in a few hundred latents, and come out again. These frames of *Tears of Steel*
        // ((CC) Blender Foundation, CC BY 3.0) were held out when `perceiver-mini-video` was trained. The upper row goes in, the lower one comes out.
        const int Start = 64, Window = 16, Side = 64, SamplesPerFrame = 640, WavHeader = 44;
        PerceiverImage[] originals = [.. Enumerable.Range(Start + 1, Window).Select(i => Pictures.Read(Sample($"VideoAutoencoder/Data/sequence-64/{i:d4}.jpg")))];
        byte[] wav = File.ReadAllBytes(Sample("VideoAutoencoder/Data/sequence-64/audio.wav"));
        short[] sound = MemoryMarshal.Cast<byte, short>(wav.AsSpan(WavHeader + 2 * Start * SamplesPerFrame, 2 * Window * SamplesPerFrame)).ToArray();
        var clip = ml.Data.LoadFromEnumerable(new[] { new { Frames = originals.SelectMany(f => f.ToPlanes()).ToArray(), Audio = Array.ConvertAll(sound, s => s / 32768f) } });
        var autoencoder = ml.Transforms.PerceiverMultimodal(PerceiverCheckpoint.Bundled(BundledModels.MiniVideo)).Fit(clip);
        var back = autoencoder.Transform(clip);

        byte[] planes = Array.ConvertAll(back.GetColumn<float[]>("ReconstructedFrames").Single(), v => (byte)MathF.Round(Math.Clamp(v, 0, 255)));
        PerceiverImage[] results = [.. planes.Chunk(3 * Side * Side).Select(p => new PerceiverImage(Side, Side, 3, p, PerceiverImageLayout.ChannelsFirst))];
        double error = clip.GetColumn<byte[]>("Frames").Single().Zip(planes, (a, b) => Math.Pow((a - b) / 255.0, 2)).Average();
        double noise = clip.GetColumn<float[]>("Audio").Single().Zip(back.GetColumn<float[]>("ReconstructedAudio").Single(), (a, b) => Math.Pow(a - b, 2)).Average();
        Console.WriteLine($"picture {-10 * Math.Log10(error):f1} dB, sound {-10 * Math.Log10(noise):f1} dB (peak signal-to-noise ratio)");
        Show("video", Pictures.Grid(8, [.. originals.Where((_, i) => i % 2 == 0), .. results.Where((_, i) => i % 2 == 0)]));
        #endregion
    }
}
