using Microsoft.ML;
using Microsoft.ML.Perceiver;
using Samples;
using Spectre.Console;

namespace VideoAutoencoder;

/// <summary>Gives a film back through a model, writes what comes out, and measures it.</summary>
internal static class Report
{
    /// <summary>The rows as the model gives them back.</summary>
    public static Reconstruction[] Reconstruct(MLContext mlContext, PerceiverCheckpoint checkpoint, IEnumerable<VideoRow> rows)
    {
        var data = mlContext.Data.LoadFromEnumerable(rows);
        using var model = mlContext.Transforms.PerceiverMultimodal(new PerceiverMultimodalOptions { Checkpoint = checkpoint }).Fit(data);
        var named = mlContext.Transforms.Conversion.MapKeyToValue(nameof(Reconstruction.PredictedShot), "PredictedLabel").Fit(model.Transform(data)).Transform(model.Transform(data));
        return [.. mlContext.Data.CreateEnumerable<Reconstruction>(named, reuseRowObject: false)];
    }

    /// <summary>Writes strip.png, video.mp4, sound.wav and original.wav.</summary>
    public static void Write(string folder, Film film, IReadOnlyList<Reconstruction> rows)
    {
        Directory.CreateDirectory(folder);
        int values = 3 * film.Side * film.Side;
        var frames = rows.Select(r => (Originals: r.Frames.Chunk(values).ToArray(), Results: Array.ConvertAll(r.ReconstructedFrames, v => (byte)MathF.Round(Math.Clamp(v, 0, 255))).Chunk(values).ToArray())).ToArray();
        const int columns = 8, most = 9;
        Strip.Save(Path.Combine(folder, "strip.png"), [.. frames.Take(most).Select(f =>
        {
            int step = Math.Max(1, f.Originals.Length / columns);
            byte[][] Some(byte[][] all) => [.. all.Where((_, i) => i % step == 0).Take(columns)];
            return (Some(f.Originals), Some(f.Results));
        })], film.Side);
        VideoFile.Write(Path.Combine(folder, "video.mp4"), film.FrameRate, frames.SelectMany(f => f.Originals.Zip(f.Results)), film.Side);
        new WavFile(film.SoundRate, [.. rows.SelectMany(r => r.ReconstructedAudio)]).Write(Path.Combine(folder, "sound.wav"));
        new WavFile(film.SoundRate, [.. rows.SelectMany(r => r.Audio)]).Write(Path.Combine(folder, "original.wav"));
        AnsiConsole.WriteLine($"{folder}: strip.png (originals above), video.mp4 (original left, without sound), sound.wav and original.wav are written.");
    }

    /// <summary>Prints the figures, and writes them where a file is named.</summary>
    /// <param name="film">The film.</param>
    /// <param name="rows">What became of it.</param>
    /// <param name="trainingMean">The mean of the training frames; null for films that the model was not trained on.</param>
    /// <param name="summary">The file for the figures; null for none.</param>
    public static void Print(Film film, IReadOnlyList<Reconstruction> rows, double[]? trainingMean, string? summary)
    {
        double video = Quality.OfPictures(rows), colour = Quality.OfMeanColours(rows, film.Side), audio = Quality.OfSound(rows), silence = Quality.OfSilence(rows);
        double? mean = trainingMean is null ? null : Quality.OfPicture(rows, trainingMean);
        var table = new Table().Title($"{rows.Sum(r => r.Frames.Length) / (3 * film.Side * film.Side)} frames").AddColumns("", "PSNR");
        table.AddRow("picture: Perceiver", $"{video:f2} dB");
        if (mean is { } m)
            table.AddRow("picture: mean of the training frames", $"{m:f2} dB");
        table.AddRow("picture: mean colour of the frame", $"{colour:f2} dB").AddRow("sound: Perceiver", $"{audio:f2} dB").AddRow("sound: silence", $"{silence:f2} dB");
        AnsiConsole.Write(table);
        List<(string, double, string)> figures = [("psnr_video", video, "dB"), ("psnr_video_mean_colour", colour, "dB"), ("psnr_audio", audio, "dB"), ("psnr_audio_silence", silence, "dB")];
        if (mean is { } known)
            figures.Insert(1, ("psnr_video_mean_frame", known, "dB"));
        Figures.Write(summary, [.. figures]);
    }

    /// <summary>Prints the label of each row beside the true one, where there is one.</summary>
    public static void PrintLabels(IReadOnlyList<Reconstruction> rows)
    {
        foreach (var row in rows)
            AnsiConsole.WriteLine($"frames {row.Start + 1} to {row.Start + Recipe.Window}: {row.PredictedShot}{(row.Shot.Length == 0 ? "" : row.Shot == row.PredictedShot ? ", right" : $", but it is {row.Shot}")}");
    }
}
