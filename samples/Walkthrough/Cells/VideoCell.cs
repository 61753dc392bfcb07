using static Walkthrough.Page;

namespace Walkthrough.Cells;

internal static class VideoCell
{
    public static void Run(MLContext ml)
    {
        #region Video with audio
        // Sixteen frames and their audio go in together, are kept in a few hundred latents, and come out again. These frames of *Tears of
        // Steel* ((CC) Blender Foundation, CC BY 3.0) were held out when `perceiver-mini-video` was trained. The upper row goes in, the
        // lower one comes out.
        const int Start = 64, Window = 16, Side = 64, SamplesPerFrame = 640;
        PerceiverImage Frame(int number) => Pictures.Read(Sample($"VideoAutoencoder/Data/sequence-64/{number:d4}.jpg"));
        PerceiverImage[] originals = [.. Enumerable.Range(Start + 1, Window).Select(Frame)];
        byte[] frames = [.. originals.SelectMany(f => f.ToPlanes())];
        // NAudio knows where in a WAV file the samples stand, whatever else it has, and how they are written.
        float[] Audio(string path, int start, int count)
        {
            using var wav = new WaveFileReader(path);
            wav.Position = start * wav.BlockAlign;
            float[] samples = new float[count];
            int read = wav.ToSampleProvider().Read(samples);
            return read == count ? samples : throw new FormatException($"'{path}' has {read} samples from {start} on, not {count}.");
        }

        string wavFile = Sample("VideoAutoencoder/Data/sequence-64/audio.wav");
        float[] audio = Audio(wavFile, Start * SamplesPerFrame, Window * SamplesPerFrame);
        var clip = ml.Data.LoadFromEnumerable(new[] { new { Frames = frames, Audio = audio } });
        var autoencoder = ml.Transforms.PerceiverMultimodal(PerceiverCheckpoint.Bundled(BundledModels.MiniVideo)).Fit(clip);
        var back = autoencoder.Transform(clip);

        float[] newFrames = back.GetColumn<float[]>("ReconstructedFrames").Single();
        float[] newAudio = back.GetColumn<float[]>("ReconstructedAudio").Single();
        byte[] planes = Array.ConvertAll(newFrames, v => (byte)MathF.Round(Math.Clamp(v, 0, 255)));
        PerceiverImage Image(byte[] pixels) => new(Side, Side, 3, pixels, PerceiverImageLayout.ChannelsFirst);
        PerceiverImage[] results = [.. planes.Chunk(3 * Side * Side).Select(Image)];
        double error = frames.Zip(planes, (a, b) => Math.Pow((a - b) / 255.0, 2)).Average();
        double noise = audio.Zip(newAudio, (a, b) => Math.Pow(a - b, 2)).Average();
        Console.WriteLine($"images {-10 * Math.Log10(error):f1} dB, audio {-10 * Math.Log10(noise):f1} dB (peak signal-to-noise ratio)");
        var shown = Enumerable.Range(0, Window).Where(i => i % 2 == 0).ToArray();
        Show("video", Pictures.Grid(
            shown.Length,
            [.. shown.Select(i => ($"{i + 1} in", originals[i])), .. shown.Select(i => ($"{i + 1} out", results[i]))]));
        #endregion
    }
}
