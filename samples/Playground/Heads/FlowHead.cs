using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Perceiver.Models;
using Microsoft.ML.Transforms.Image;

namespace Playground;

/// <summary>Finds the motion between two frames and paints it.</summary>
internal sealed class FlowHead : IHead
{
    // Few tiles at once: the page shows more often how far it is, and a stop takes effect sooner.
    private const int TilesAtOnce = 4;
    private const int LeastSide = 16, MostSide = 4096;
    private readonly ModelShelf _shelf;
    private readonly Uploads _uploads;
    private readonly LoadedModel<PerceiverOpticalFlowTransformer> _model;

    public FlowHead(ModelShelf shelf, SemaphoreSlim gate, Uploads uploads)
    {
        _shelf = shelf;
        _uploads = uploads;
        _model = new(gate, () =>
        {
            var mlContext = new MLContext();
            var noRows = mlContext.Data.LoadFromEnumerable(Array.Empty<FramePair>());
            return mlContext.Transforms.PerceiverOpticalFlow(shelf.Find(BundledModels.MiniFlow)).Fit(noRows);
        });
    }

    public string Name => "flow";

    public HeadState State => _shelf.StateOf(Name, BundledModels.MiniFlow, Describe) with { Doubt = Doubt, Examples = FlowExamples.All };

    // The model's card: what the smallest of its five sizes of the frames still shows.
    private static Doubt Doubt { get; } = new(
        30, "Motions of more than 30 pixels are often missed by the bundled model; shrunk frames have shorter ones.");

    public async Task AnswerAsync(HttpContext context)
    {
        var form = await _uploads.ReadAsync(context);
        var frames = await _uploads.DecodeAsync(() => Read(form), context.RequestAborted);
        _ = _shelf.Find(BundledModels.MiniFlow);
        await JsonLines.AnswerAsync(context, (progress, cancellation) => FindAsync(frames, progress, cancellation));
    }

    public void Dispose() => _model.Dispose();

    // Each is shrunk before the next is decoded, so that one at a time has its full size.
    private Frames Read(IFormCollection form)
    {
        var first = _uploads.Image(form, "first");
        var (width, height) = (first.Width, first.Height);
        int side = SideOf(form["side"].ToString());
        first = ShrunkFrame.Of(first, side);
        var second = _uploads.Image(form, "second");
        if ((width, height) != (second.Width, second.Height))
        {
            throw new UserException(
                $"The first frame has {width} x {height} pixels, the second {second.Width} x {second.Height}; "
                + "they must have the same size.");
        }

        string[] names = [.. ((string[])["first", "second"]).Select(field => form.Files.GetFile(field)!.FileName)];
        return new Frames(first, ShrunkFrame.Of(second, side), width, names);
    }

    private static (string About, object Details) Describe(PerceiverConfig config)
    {
        int tileHeight = config.TrainSize[0], tileWidth = config.TrainSize[1];
        return ($"Looks at tiles of {tileWidth} x {tileHeight} pixels; frames may have any size.", new { tileWidth, tileHeight });
    }

    private async Task<object> FindAsync(Frames frames, IProgress<JsonLines.Step> progress, CancellationToken cancellation)
    {
        progress.Report(new("Waiting for the model"));
        return await _model.UseAsync<object>(
            transformer =>
            {
                var clock = Stopwatch.StartNew();
                progress.Report(new("Finding the motion", 0));
                // The predictor rather than the stage: it says how far it is, and can be stopped.
                var options = transformer.Flow with { BatchSize = TilesAtOnce };
                var predictor = new PerceiverOpticalFlowPredictor(transformer.Model, options);
                var flow = predictor.Predict(frames.First, frames.Second, new Shares(progress), cancellation);
                progress.Report(new("Painting", 1));
                double longest = PerceiverFlowColors.Longest(flow);
                return new
                {
                    flow.Width,
                    flow.Height,
                    Image = PerceiverFlowColors.Paint(flow).ToPng(),
                    Wheel = FlowWheel.Png,
                    Longest = longest,
                    Rim = PerceiverFlowColors.ScaleOf(flow),
                    Mean = MeanOf(flow),
                    Shrunk = flow.Width / (double)frames.FullWidth,
                    Unsure = longest > Doubt.Threshold,
                    Seconds = clock.Elapsed.TotalSeconds,
                    Code = CodeFor(frames),
                };
            },
            cancellation);
    }

    private string CodeFor(Frames frames) => FlowCode.Of(
        _shelf.CodeFor(BundledModels.MiniFlow),
        frames.Names[0],
        frames.Names[1],
        frames.First.Width == frames.FullWidth ? null : (frames.First.Width, frames.First.Height));

    private static double MeanOf(PerceiverFlowField flow) => flow.Values
        .Chunk(PerceiverFlowField.Components)
        .Average(m => Math.Sqrt((double)m[0] * m[0] + (double)m[1] * m[1]));

    private static int SideOf(string typed)
    {
        if (typed.Length == 0)
            return MostSide;
        return int.TryParse(typed, CultureInfo.InvariantCulture, out int side) && side is >= LeastSide and <= MostSide
            ? side : throw new UserException($"'side' is the longer side in pixels, from {LeastSide} to {MostSide}.");
    }

    /// <summary>Two frames, shrunk where that was asked for.</summary>
    private sealed record Frames(PerceiverImage First, PerceiverImage Second, int FullWidth, string[] Names);

    // Only for its columns: the model is used without rows.
    private sealed class FramePair
    {
        [ImageType(1, 1)]
        public MLImage? FirstImage { get; set; }

        [ImageType(1, 1)]
        public MLImage? SecondImage { get; set; }
    }

    private sealed class Shares(IProgress<JsonLines.Step> progress) : IProgress<double>
    {
        public void Report(double value) => progress.Report(new("Finding the motion", value));
    }
}
