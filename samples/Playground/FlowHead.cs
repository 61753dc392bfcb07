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

    public HeadState State => _shelf.StateOf(Name, BundledModels.MiniFlow, Describe);

    public async Task AnswerAsync(HttpContext context)
    {
        var form = await _uploads.ReadAsync(context);
        var (first, second, fullWidth) = await _uploads.DecodeAsync(() => Frames(form), context.RequestAborted);
        _ = _shelf.Find(BundledModels.MiniFlow);
        await JsonLines.AnswerAsync(
            context, (progress, cancellation) => FindAsync(first, second, fullWidth, progress, cancellation));
    }

    public void Dispose() => _model.Dispose();

    // Each is shrunk before the next is decoded, so that one at a time has its full size.
    private (PerceiverImage First, PerceiverImage Second, int FullWidth) Frames(IFormCollection form)
    {
        var first = _uploads.Image(form, "first");
        var (width, height) = (first.Width, first.Height);
        int side = SideOf(form["side"].ToString());
        first = first.Shrink(side);
        var second = _uploads.Image(form, "second");
        if ((width, height) != (second.Width, second.Height))
        {
            throw new UserException(
                $"The first frame has {width} x {height} pixels, the second {second.Width} x {second.Height}; "
                + "they must have the same size.");
        }

        return (first, second.Shrink(side), width);
    }

    private static (string About, object Details) Describe(PerceiverConfig config)
    {
        int tileHeight = config.TrainSize[0], tileWidth = config.TrainSize[1];
        return ($"Looks at tiles of {tileWidth} x {tileHeight} pixels; frames may have any size.", new { tileWidth, tileHeight });
    }

    private async Task<object> FindAsync(
        PerceiverImage first, PerceiverImage second, double fullWidth, IProgress<JsonLines.Step> progress, CancellationToken cancellation)
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
                var flow = predictor.Predict(first, second, new Shares(progress), cancellation);
                progress.Report(new("Painting", 1));
                return new
                {
                    flow.Width,
                    flow.Height,
                    Image = PerceiverFlowColors.Paint(flow).ToPng(),
                    Wheel = FlowWheel.Png,
                    Longest = PerceiverFlowColors.Longest(flow),
                    Mean = MeanOf(flow),
                    Shrunk = flow.Width / fullWidth,
                    Seconds = clock.Elapsed.TotalSeconds,
                };
            },
            cancellation);
    }

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
