using System.CommandLine;
using Microsoft.ML;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Perceiver.Models;
using Samples;
using Spectre.Console;
using VideoAutoencoder;

if (Console.IsOutputRedirected)
    AnsiConsole.Profile.Width = 180;
var videoOption = new Option<string?>("--video")
{
    Description = "A video file, or numbered images as name_%02d.png; "
        + "the held-out windows of the bundled sequence where none is given",
};
var audioOption = new Option<string?>("--audio")
{
    Description = "The video's audio as a WAV file; OpenCV reads images only, so that a video needs it",
};
var audioStartOption = new Option<double>("--audio-start")
{
    Description = "The second of the video at which its audio begins; what is before 0 is left out",
};
var framesOption = new Option<int>("--frames")
{
    Description = "How many frames of the video are read at most",
    DefaultValueFactory = _ => 250,
};
var modelOption = new Option<string?>("--model") { Description = "The folder of a checkpoint; the bundled model where none is given" };
var trainOption = new Option<bool>("--train")
{
    Description = "Trains a model on the bundled sequence first, without the held-out windows, and uses it",
};
var epochsOption = new Option<int?>("--epochs") { Description = "Another number of epochs than the recipe's" };
var runOption = new Option<string>("--run")
{
    Description = "The run folder of a training; an unfinished one in it goes on",
    DefaultValueFactory = _ => Path.Combine("runs", BundledModels.MiniVideo),
};
var outOption = new Option<string>("--out") { Description = "The folder for what is written", DefaultValueFactory = _ => "video" };
var summaryOption = new Option<string?>("--summary") { Description = "A file for the figures: name, value and unit, separated by tabs" };
var command = new RootCommand("Reconstructs a video with its audio from the few latents of a Perceiver, and says how near it comes.")
{
    videoOption, audioOption, audioStartOption, framesOption, modelOption, trainOption, epochsOption, runOption, outOption, summaryOption,
};
command.SetAction(arguments =>
{
    var mlContext = new MLContext(seed: 1);
    string? video = arguments.GetValue(videoOption), audio = arguments.GetValue(audioOption), folder = arguments.GetValue(modelOption);
    if (video is not null && audio is null)
        throw new ArgumentException("A video needs its audio: OpenCV reads images only, so name a WAV file with --audio.");
    if (video is null && audio is not null)
        throw new ArgumentException("--audio is the audio of a video, which --video names.");
    string output = arguments.GetValue(outOption)!;
    string? summary = arguments.GetValue(summaryOption);
    OutputFiles.Check([video, audio], [.. Report.FilesIn(output), summary]);
    HeadlessOpenCv.Prepare();
    bool trains = arguments.GetValue(trainOption);
    // What cannot be read or written is found here, before the work.
    int frames = arguments.GetValue(framesOption);
    double audioStart = arguments.GetValue(audioStartOption);
    var film = video is null
        ? Film.Bundled()
        : FilmOf(trains ? Recipe.Config : CheckpointIn(folder).Config, video, audio!, frames, audioStart);
    using var written = Report.Begin(output, film);
    if (trains)
    {
        string run = arguments.GetValue(runOption)!;
        folder = Path.Combine(run, BundledModels.MiniVideo);
        Trainer.Run(mlContext, video is null ? film : Film.Bundled(), run, arguments.GetValue(epochsOption), folder);
    }

    var checkpoint = CheckpointIn(folder);
    var rows = video is null ? OfBundled(mlContext, checkpoint, film) : OfVideo(mlContext, checkpoint, film);
    Report.Print(film, rows, video is null ? Quality.Mean(Parts.TrainingFrames(film)) : null, summary);
    Report.Write(output, film, rows, written);
    NextSteps.Write(
        NextSteps.Run("VideoAutoencoder", "--video", "FILE.mp4", "--audio", "FILE.wav"),
        NextSteps.Run("VideoAutoencoder", "--train", "--epochs", "1"));
});
try
{
    return command.Parse(args).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception e) when (e is ArgumentException or IOException or UnauthorizedAccessException
    or InvalidOperationException or InvalidDataException or FormatException or OperationCanceledException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

static PerceiverCheckpoint CheckpointIn(string? folder) =>
    folder is null ? PerceiverCheckpoint.Bundled(BundledModels.MiniVideo) : PerceiverCheckpoint.FromDirectory(folder);

static Film FilmOf(PerceiverConfig config, string video, string audio, int most, double audioStart)
{
    var extents = PerceiverMultimodalExtents.Of(config);
    if (extents.Height != extents.Width)
        throw new ArgumentException($"The model's frames are {extents.Height} x {extents.Width}; this program cuts squares.");
    if (most < extents.Frames)
        throw new ArgumentException($"The model reads windows of {extents.Frames} frames; --frames {most} reads fewer.");
    if (!double.IsFinite(audioStart))
        throw new ArgumentException($"--audio-start {audioStart} is no time.");
    int samplesPerFrame = extents.Samples / extents.Frames;
    var (rate, frames) = VideoFile.Read(video, extents.Height, most, AnsiConsole.WriteLine);
    // Only the audio of these frames is read, not that of an hour.
    double seconds = WavFile.SecondsFor(frames.Count * (long)samplesPerFrame, rate * samplesPerFrame);
    double start = Math.Min(audioStart, seconds);
    var samples = WavFile.Read(audio, seconds - start).StartingAt(start);
    return Film.Of(extents.Height, rate, frames, samples, samplesPerFrame, extents.Frames, AnsiConsole.WriteLine);
}

static Reconstruction[] OfBundled(MLContext mlContext, PerceiverCheckpoint checkpoint, Film film)
{
    var rows = Report.Reconstruct(mlContext, checkpoint, Parts.HeldOut(film));
    string starts = string.Join(", ", rows.Select(r => r.Start + 1));
    AnsiConsole.WriteLine($"Held out, every fifth window of {Recipe.Window} frames: from {starts}.");
    Report.PrintLabels(rows);
    return rows;
}

static Reconstruction[] OfVideo(MLContext mlContext, PerceiverCheckpoint checkpoint, Film film) =>
    Report.Reconstruct(mlContext, checkpoint, [film.Row(0, film.Frames.Count)]);
