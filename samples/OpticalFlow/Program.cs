using System.CommandLine;
using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Perceiver.Models;
using OpticalFlow;
using Samples;
using Spectre.Console;

if (Console.IsOutputRedirected)
    AnsiConsole.Profile.Width = 180;
var imagesOption = new Option<string[]>("--images")
{
    Description = "Two frames; the bundled RubberWhale pair where none are given",
    AllowMultipleArgumentsPerToken = true,
};
var truthOption = new Option<string?>("--truth")
{
    Description = "The true flow from the first frame to the second, as .flo or as KITTI's PNG",
};
var videoOption = new Option<string?>("--video")
{
    Description = "A video file in place of frames; its frames and their flow are written side by side",
};
var framesOption = new Option<int>("--frames")
{
    Description = "How many frames of the video are read at most",
    DefaultValueFactory = _ => 100,
};
var motionOption = new Option<double?>("--max-motion")
{
    Description = "The motion in pixels that has the full colour; without it the longest of the true flow, or of the one found, "
        + "but at least 1; 10 in a video",
};
var outOption = new Option<string?>("--out")
{
    Description = "The image or video that is written: flow.png or flow.mp4 where none is given",
};
var modelOption = new Option<string?>("--model") { Description = "The folder of a checkpoint; the bundled model where none is given" };
var trainOption = new Option<bool>("--train") { Description = "Trains a model on generated frames first, and uses it" };
var rowsOption = new Option<int?>("--rows") { Description = "Another number of training examples than the recipe's" };
var runOption = new Option<string>("--run")
{
    Description = "The run folder of a training; an unfinished one in it goes on",
    DefaultValueFactory = _ => Path.Combine("runs", BundledModels.MiniFlow),
};
var summaryOption = new Option<string?>("--summary") { Description = "A file for the figures: name, value and unit, separated by tabs" };
var command = new RootCommand(
    "Finds how each pixel of a frame moves to the next one, paints it, and compares it with the true flow where there is one.")
{
    imagesOption, truthOption, videoOption, framesOption, motionOption, outOption,
    modelOption, trainOption, rowsOption, runOption, summaryOption,
};
command.SetAction(arguments =>
{
    var mlContext = new MLContext(seed: 1);
    string? folder = arguments.GetValue(modelOption);
    if (arguments.GetValue(trainOption))
    {
        string run = arguments.GetValue(runOption)!;
        folder = Path.Combine(run, BundledModels.MiniFlow);
        MyModel.Train(mlContext, run, arguments.GetValue(rowsOption), folder);
    }

    MyModel.MLNetModelPath = folder;
    string? output = arguments.GetValue(outOption);
    HeadlessOpenCv.Prepare();
    if (arguments.GetValue(videoOption) is { } video)
    {
        OutputFiles.Check([video], [output ?? "flow.mp4"]);
        OfVideo(mlContext, video, output ?? "flow.mp4", arguments.GetValue(framesOption), arguments.GetValue(motionOption) ?? 10);
        return;
    }

    var (first, second, truth) = arguments.GetValue(imagesOption) switch
    {
        { Length: 2 } given => (given[0], given[1], arguments.GetValue(truthOption)),
        null or { Length: 0 } => (
            FramePictures.PathOf("rubberwhale", "frame10.png"),
            FramePictures.PathOf("rubberwhale", "frame11.png"),
            FramePictures.PathOf("rubberwhale", "flow10.flo")),
        var others => throw new ArgumentException($"Flow is between two frames; {others.Length} are given."),
    };
    string image = output ?? "flow.png";
    var (flowFile, truthImage) = FlowPicture.FilesBeside(image);
    string? figures = arguments.GetValue(summaryOption);
    OutputFiles.Check([first, second, truth], [image, flowFile, truth is null ? null : truthImage, figures]);
    var pair = new MyModel.ModelInput { First = Path.GetFullPath(first), Second = Path.GetFullPath(second) };
    OfImages(pair, truth, image, arguments.GetValue(motionOption), figures);
});
try
{
    return command.Parse(args).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception e) when (e is ArgumentException or IOException or UnauthorizedAccessException
    or InvalidOperationException or FormatException or OperationCanceledException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

static void OfImages(MyModel.ModelInput pair, string? truthPath, string output, double? maxMotion, string? summary)
{
    if (new[] { pair.First, pair.Second, truthPath }.FirstOrDefault(p => p is not null && !File.Exists(p)) is { } missing)
        throw new FileNotFoundException($"There is no file '{missing}'.", missing);
    // Read before the work: a file that cannot be read costs no time then.
    var truth = truthPath is null ? null : FramePictures.ReadFlow(truthPath);
    var clock = Stopwatch.StartNew();
    var flow = MyModel.GetFlow(MyModel.Predict(pair));
    double seconds = clock.Elapsed.TotalSeconds;
    // The found and the true flow are compared by eye, so that a colour must mean the same in both.
    double scale = maxMotion ?? PerceiverFlowColors.ScaleOf(truth ?? flow);
    FramePictures.Save(output, FlowPicture.Paint(flow, scale, "found"));
    var (flowFile, truthImage) = FlowPicture.FilesBeside(output);
    FloFile.Write(flowFile, flow);
    AnsiConsole.WriteLine(
        $"{flow.Width} x {flow.Height} pixels in {seconds:f1} s; the longest motion is {PerceiverFlowColors.Longest(flow):f1} pixels. "
        + $"{output} and {flowFile} are written.");
    if (truth is not null)
    {
        FramePictures.Save(truthImage, FlowPicture.Paint(truth, scale, "true"));
        Compare(pair, flow, truth, truthPath!, seconds, summary);
    }

    NextSteps.Write(
        NextSteps.Run("OpticalFlow", "--images", "FIRST.png", "SECOND.png"),
        NextSteps.Run("OpticalFlow", "--video", "FILE.mp4"));
}

static void Compare(
    MyModel.ModelInput pair, PerceiverFlowField flow, PerceiverFlowField truth, string truthPath, double seconds, string? summary)
{
    if (PerceiverOpticalFlowMetrics.Compare(truth, truth).Pixels == 0)
    {
        AnsiConsole.WriteLine($"{truthPath} knows the motion of no pixel: there is nothing to compare.");
        return;
    }

    var (found, zero, farneback) = MyModel.Evaluate(flow, truth, pair);
    var table = new Table().Title($"{found.Pixels:n0} pixels of known motion").AddColumns("", "end-point error", "Fl-all");
    foreach (var (name, metrics) in new[] { ("Perceiver", found), ("no motion", zero), ("OpenCV Farneback", farneback) })
        table.AddRow(name, $"{metrics.EndPointError:f3} pixels", $"{metrics.FlAll:f1} %");
    AnsiConsole.Write(table);
    Figures.Write(
        summary,
        ("epe", found.EndPointError, "pixels"),
        ("zero_flow_epe", zero.EndPointError, "pixels"),
        ("farneback_epe", farneback.EndPointError, "pixels"),
        ("fl_all_percent", found.FlAll, "%"),
        ("seconds", seconds, "s"));
}

static void OfVideo(MLContext mlContext, string video, string output, int frames, double maxMotion)
{
    if (!File.Exists(video))
        throw new FileNotFoundException($"There is no file '{video}'.", video);
    using var model = mlContext.Transforms.PerceiverOpticalFlow(MyModel.Checkpoint).Fit(VideoFlow.NoPairs(mlContext));
    var clock = Stopwatch.StartNew();
    int written = VideoFlow.Write(mlContext, model, video, output, frames, maxMotion, done =>
    {
        if (done % 10 == 0)
            AnsiConsole.WriteLine($"{done} frames, {done / clock.Elapsed.TotalSeconds:f2} a second");
    });
    AnsiConsole.WriteLine($"{written} frames beside their flow are in {output}.");
    NextSteps.Write(NextSteps.Run("OpticalFlow", "--train", "--rows", "2000"));
}
