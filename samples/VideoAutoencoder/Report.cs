using Microsoft.ML;
using Microsoft.ML.Perceiver;
using Samples;
using Spectre.Console;

namespace VideoAutoencoder;

/// <summary>Reconstructs a film, writes the reconstruction, and measures it.</summary>
internal static class Report
{
    private const string Images = "strip.png", Video = "video.mp4", Audio = "audio.wav", OriginalAudio = "original.wav";

    /// <summary>The files that <see cref="Write"/> writes.</summary>
    public static IEnumerable<string> FilesIn(string folder) =>
        ((string[])[Images, Video, Audio, OriginalAudio]).Select(name => Path.Combine(folder, name));

    /// <summary>The rows as the model reconstructs them.</summary>
    public static Reconstruction[] Reconstruct(MLContext mlContext, PerceiverCheckpoint checkpoint, IEnumerable<VideoRow> rows)
    {
        var data = mlContext.Data.LoadFromEnumerable(rows);
        using var model = mlContext.Transforms.PerceiverMultimodal(new PerceiverMultimodalOptions { Checkpoint = checkpoint }).Fit(data);
        var scored = model.Transform(data);
        var toText = mlContext.Transforms.Conversion.MapKeyToValue(nameof(Reconstruction.PredictedShot), "PredictedLabel");
        var named = toText.Fit(scored).Transform(scored);
        return [.. mlContext.Data.CreateEnumerable<Reconstruction>(named, reuseRowObject: false)];
    }

    /// <summary>Begins the video that <see cref="Write"/> ends, so that one that cannot be written is refused before the work.</summary>
    /// <exception cref="IOException">The video cannot be written.</exception>
    public static VideoFileWriter Begin(string folder, Film film)
    {
        Directory.CreateDirectory(folder);
        return VideoFile.Create(Path.Combine(folder, Video), film.FrameRate, film.Side);
    }

    /// <summary>Writes strip.png, video.mp4, audio.wav and original.wav.</summary>
    public static void Write(string folder, Film film, IReadOnlyList<Reconstruction> rows, VideoFileWriter video)
    {
        int values = 3 * film.Side * film.Side;
        byte[] Pixels(float[] reconstructed) => Array.ConvertAll(reconstructed, v => (byte)MathF.Round(Math.Clamp(v, 0, 255)));
        (byte[][] Originals, byte[][] Results)[] frames =
        [
            .. rows.Select(r => (r.Frames.Chunk(values).ToArray(), Pixels(r.ReconstructedFrames).Chunk(values).ToArray())),
        ];
        const int columns = 8, most = 9;
        Strip.Save(Path.Combine(folder, Images), [.. frames.Take(most).Select(f =>
        {
            int step = Math.Max(1, f.Originals.Length / columns);
            byte[][] Some(byte[][] all) => [.. all.Where((_, i) => i % step == 0).Take(columns)];
            return (Some(f.Originals), Some(f.Results));
        })], film.Side);
        VideoFile.Write(video, frames.SelectMany(f => f.Originals.Zip(f.Results)), film.Side);
        new WavFile(film.AudioRate, [.. rows.SelectMany(r => r.ReconstructedAudio)]).Write(Path.Combine(folder, Audio));
        new WavFile(film.AudioRate, [.. rows.SelectMany(r => r.Audio)]).Write(Path.Combine(folder, OriginalAudio));
        AnsiConsole.WriteLine(
            $"{folder}: {Images} (originals above), {Video} (original left, without audio), {Audio} and {OriginalAudio} are written.");
    }

    /// <summary>Prints the figures, and writes them where a file is named.</summary>
    /// <param name="film">The film.</param>
    /// <param name="rows">What became of it.</param>
    /// <param name="trainingMean">The mean of the training frames; null for films that the model was not trained on.</param>
    /// <param name="summary">The file for the figures; null for none.</param>
    public static void Print(Film film, IReadOnlyList<Reconstruction> rows, double[]? trainingMean, string? summary)
    {
        double video = Quality.OfImages(rows), colour = Quality.OfMeanColours(rows, film.Side);
        double audio = Quality.OfAudio(rows), silence = Quality.OfSilence(rows);
        double? mean = trainingMean is null ? null : Quality.OfImage(rows, trainingMean);
        int frames = rows.Sum(r => r.Frames.Length) / (3 * film.Side * film.Side);
        var table = new Table().Title($"{frames} frames").AddColumns("", "PSNR");
        table.AddRow("image: Perceiver", $"{video:f2} dB");
        if (mean is { } m)
            table.AddRow("image: mean of the training frames", $"{m:f2} dB");
        table.AddRow("image: mean colour of the frame", $"{colour:f2} dB");
        table.AddRow("audio: Perceiver", $"{audio:f2} dB");
        table.AddRow("audio: silence", $"{silence:f2} dB");
        AnsiConsole.Write(table);
        List<(string, double, string)> figures =
        [
            ("psnr_video", video, "dB"),
            ("psnr_video_mean_colour", colour, "dB"),
            ("psnr_audio", audio, "dB"),
            ("psnr_audio_silence", silence, "dB"),
        ];
        if (mean is { } known)
            figures.Insert(1, ("psnr_video_mean_frame", known, "dB"));
        Figures.Write(summary, [.. figures]);
    }

    /// <summary>Prints the label of each row beside the true one, where there is one.</summary>
    public static void PrintLabels(IReadOnlyList<Reconstruction> rows)
    {
        foreach (var row in rows)
        {
            string verdict =
                row.Shot.Length == 0 ? "" : row.Shot == row.PredictedShot ? ", right" : $", but it is {row.Shot}";
            AnsiConsole.WriteLine($"frames {row.Start + 1} to {row.Start + Recipe.Window}: {row.PredictedShot}{verdict}");
        }
    }
}
