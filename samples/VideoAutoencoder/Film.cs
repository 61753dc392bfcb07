using Microsoft.ML.Perceiver;

namespace VideoAutoencoder;

/// <summary>A film at the size that the model reads.</summary>
/// <param name="Side">Height and width of the frames.</param>
/// <param name="FrameRate">Frames a second.</param>
/// <param name="Frames">Each 3 x height x width, red before green and blue.</param>
/// <param name="SamplesPerFrame">Samples of audio that belong to a frame.</param>
/// <param name="Audio">The audio of all frames.</param>
internal sealed record Film(int Side, double FrameRate, IReadOnlyList<byte[]> Frames, int SamplesPerFrame, float[] Audio)
{
    // Half a frame in 200.
    private const double MostDeviation = 0.0025;

    /// <summary>Samples of its audio a second, as a WAV file says it.</summary>
    public int AudioRate => (int)Math.Round(FrameRate * SamplesPerFrame);

    /// <summary>A stretch of the film as a row.</summary>
    public VideoRow Row(int start, int count) => new()
    {
        Start = start,
        Frames = [.. Frames.Skip(start).Take(count).SelectMany(f => f)],
        Audio = Audio[(start * SamplesPerFrame)..((start + count) * SamplesPerFrame)],
    };

    /// <summary>A film of images in memory and audio of any rate, which is resampled; what only one of the two has is left out.</summary>
    /// <exception cref="InvalidDataException">The two have no window of frames in common.</exception>
    public static Film Of(
        int side,
        double frameRate,
        IReadOnlyList<byte[]> frames,
        WavFile audio,
        int samplesPerFrame,
        int window,
        Action<string> note)
    {
        if (frames.Count < window)
        {
            string found = frames.Count == 1 ? "1 frame" : $"{frames.Count} frames";
            throw new InvalidDataException($"The video has {found}; the model reads windows of {window}.");
        }

        double rate = frameRate * samplesPerFrame;
        if (!(rate >= 1 && Math.Abs(Math.Round(rate) - rate) <= MostDeviation * rate))
        {
            throw new InvalidDataException(
                $"At {frameRate} frames a second and {samplesPerFrame} samples a frame the audio has {rate} samples a second; WAV files "
                + "need a whole number. Convert the video to another rate first, e.g. ffmpeg -i FILE -r 25 NEW.mp4.");
        }

        if (rate != audio.Rate)
            note($"The audio is resampled from {audio.Rate} to {rate:f0} samples a second, {samplesPerFrame} a frame.");
        long length = audio.LengthAt(rate);
        float[] samples = audio.Resampled(rate, frames.Count * (long)samplesPerFrame);
        long framesWithAudio = length / samplesPerFrame;
        int count = (int)Math.Min(frames.Count, framesWithAudio);
        if (count < window)
        {
            throw new InvalidDataException(
                $"The audio has {length} samples, which belong to {framesWithAudio} frames; "
                + $"the model reads windows of {window}, {window * samplesPerFrame} samples.");
        }

        if (count < frames.Count || length > count * (long)samplesPerFrame)
        {
            double videoSeconds = frames.Count / frameRate, audioSeconds = length / rate;
            note($"The images last {videoSeconds:f2} s and the audio {audioSeconds:f2} s; {count} frames have both and are read.");
        }

        return new Film(side, frameRate, [.. frames.Take(count)], samplesPerFrame, samples[..(count * samplesPerFrame)]);
    }

    /// <summary>The bundled sequence, 740 frames with their audio.</summary>
    public static Film Bundled()
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "Data", "sequence-64");
        byte[][] frames = [.. Directory.GetFiles(folder, "*.jpg").Order(StringComparer.Ordinal).Select(ReadImage)];
        return Of(64, 25, frames, WavFile.Read(Path.Combine(folder, "audio.wav")), 640, 16, _ => { });
    }

    private static byte[] ReadImage(string path) => PerceiverImageConversion.DecodeImage(File.ReadAllBytes(path)).ToPlanes();
}
