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
    Description = "The video's audio as a WAV file of 16-bit PCM; OpenCV reads images only, so that a video needs it",
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
    videoOption, audioOption, framesOption, modelOption, trainOption, epochsOption, runOption, outOption, summaryOption,
};
command.SetAction(arguments =>
{
    var mlContext = new MLContext(seed: 1);
    string? video = arguments.GetValue(videoOption), audio = arguments.GetValue(audioOption), folder = arguments.GetValue(modelOption);
    if (video is not null && audio is null)
        throw new ArgumentException("A video needs its audio: OpenCV reads images only, so name a WAV file with --audio.");
    if (video is null && audio is not null)
        throw new ArgumentException("--audio is the audio of a video, which --video names.");
    HeadlessOpenCv.Prepare();
    if (arguments.GetValue(trainOption))
    {
        string run = arguments.GetValue(runOption)!;
        folder = Path.Combine(run, BundledModels.MiniVideo);
        Trainer.Run(mlContext, Film.Bundled(), run, arguments.GetValue(epochsOption), folder);
    }

    var checkpoint = folder is null ? PerceiverCheckpoint.Bundled(BundledModels.MiniVideo) : PerceiverCheckpoint.FromDirectory(folder);
    string output = arguments.GetValue(outOption)!;
    if (video is null)
        OfBundled(mlContext, checkpoint, output, arguments.GetValue(summaryOption));
    else
        OfVideo(mlContext, checkpoint, video, audio!, arguments.GetValue(framesOption), output, arguments.GetValue(summaryOption));
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

static void OfBundled(MLContext mlContext, PerceiverCheckpoint checkpoint, string output, string? summary)
{
    var film = Film.Bundled();
    var rows = Report.Reconstruct(mlContext, checkpoint, Parts.HeldOut(film));
    string starts = string.Join(", ", rows.Select(r => r.Start + 1));
    AnsiConsole.WriteLine($"Held out, every fifth window of {Recipe.Window} frames: from {starts}.");
    Report.PrintLabels(rows);
    Report.Print(film, rows, Quality.Mean(Parts.TrainingFrames(film)), summary);
    Report.Write(output, film, rows);
}

static void OfVideo(
    MLContext mlContext, PerceiverCheckpoint checkpoint, string video, string audioPath, int most, string output, string? summary)
{
    var extents = PerceiverMultimodalExtents.Of(checkpoint.Config);
    if (extents.Height != extents.Width)
        throw new ArgumentException($"The model's frames are {extents.Height} x {extents.Width}; this program cuts squares.");
    var audio = WavFile.Read(audioPath);
    var (rate, frames) = VideoFile.Read(video, extents.Height, most);
    int samplesPerFrame = extents.Samples / extents.Frames;
    var film = Film.Of(extents.Height, rate, frames, audio, samplesPerFrame, extents.Frames, AnsiConsole.WriteLine);
    var rows = Report.Reconstruct(mlContext, checkpoint, [film.Row(0, film.Frames.Count)]);
    Report.Print(film, rows, trainingMean: null, summary);
    Report.Write(output, film, rows);
}
