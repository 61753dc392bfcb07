using static Walkthrough.Page;

namespace Walkthrough.Cells;

internal static class FlowCell
{
    public static void Run(MLContext ml)
    {
        #region Optical flow
        // Two frames of Middlebury's RubberWhale and the motion of every pixel between them. The colour says where a pixel goes, its
        // strength how far. The true motion is known, so that the error is, too: the end-point error is the mean distance to it.
        //
        // Above the two frames; below what `perceiver-mini-flow` finds, and the true flow, where what is unknown is black. The wheel shows
        // the colour of each direction; both flows are painted at the same scale.
        string first = Sample("OpticalFlow/Data/rubberwhale/frame10.png");
        string second = Sample("OpticalFlow/Data/rubberwhale/frame11.png");
        var pair = ml.Data.LoadFromEnumerable(new[]
        {
            new { First = first, Second = second },
        });
        var motion = ml.Transforms.LoadPerceiverImages("FirstImage", imageFolder: null, "First")
            .Append(ml.Transforms.LoadPerceiverImages("SecondImage", imageFolder: null, "Second"))
            .Append(ml.Transforms.PerceiverOpticalFlow(PerceiverCheckpoint.Bundled(BundledModels.MiniFlow)))
            .Fit(pair);
        var truth = FloFile.Read(Sample("OpticalFlow/Data/rubberwhale/flow10.flo"));
        var flow = new PerceiverFlowField(truth.Height, truth.Width, motion.Transform(pair).GetColumn<float[]>("Flow").Single());
        double longest = PerceiverFlowColors.Longest(truth);
        var still = new PerceiverFlowField(truth.Height, truth.Width);
        Console.WriteLine($"end-point error {PerceiverOpticalFlowMetrics.Compare(flow, truth).EndPointError:f3} pixels");
        Console.WriteLine($"without any motion {PerceiverOpticalFlowMetrics.Compare(still, truth).EndPointError:f3} pixels");
        Show("frames", Pictures.Grid(3, ("first frame", Pictures.Read(first)), ("second frame", Pictures.Read(second))));
        Show("flow", Pictures.Grid(
            3,
            ("found", PerceiverFlowColors.Paint(flow, longest)),
            ("true", PerceiverFlowColors.Paint(truth, longest)),
            ($"full colour at the edge: {longest:f1} pixels", PerceiverFlowColors.PaintWheel(truth.Height / 2))));
        #endregion
    }
}
