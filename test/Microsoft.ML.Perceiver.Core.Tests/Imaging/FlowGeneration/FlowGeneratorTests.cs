using Microsoft.ML.Perceiver.Tests.Heads;

namespace Microsoft.ML.Perceiver.Tests.Imaging.FlowGeneration;

/// <summary>Generated frames: their flow is exact, and they are the same each time.</summary>
[TestClass]
public sealed class FlowGeneratorTests
{
    [TestMethod]
    public void The_flow_leads_to_the_same_colours()
    {
        var generator = TinyFlow.Generator(
            new PerceiverFlowGeneratorOptions { Height = 60, Width = 80, MaxShift = 5, Noise = 0, BrightnessChange = 0 });
        double moved = 0, still = 0;
        int pixels = 0;
        for (int number = 0; number < 8; number++)
        {
            var example = generator.Generate(number);
            var back = PerceiverFlowWarp.Backward(example.Second, example.Flow, example.First);
            // What is hidden in the second frame has other colours there; most is not.
            double[] differences =
            [
                .. Enumerable.Range(0, 60 * 80).Select(i => (double)Math.Abs(back.Pixels.Span[i] - example.First.Pixels.Span[i])).Order(),
            ];
            moved += differences.Take(60 * 80 * 3 / 4).Sum();
            still += Enumerable.Range(0, 60 * 80)
                .Select(i => (double)Math.Abs(example.Second.Pixels.Span[i] - example.First.Pixels.Span[i]))
                .Order()
                .Take(60 * 80 * 3 / 4)
                .Sum();
            pixels += 60 * 80 * 3 / 4;
        }

        Assert.IsLessThan(2.5, moved / pixels, $"mean difference along the flow, beside {still / pixels} without");
        Assert.IsGreaterThan(5 * moved, still);
    }

    [TestMethod]
    public void The_origin_of_a_place_is_what_moves_there()
    {
        var options = new PerceiverFlowGeneratorOptions { Height = 40, Width = 50, MaxShift = 6 };
        using var random = new PerceiverRandom(5);
        for (int i = 0; i < 20; i++)
        {
            var motion = LayerMotion.Draw(options, random);
            var (x, y) = ((float)(50 * random.NextDouble()), (float)(40 * random.NextDouble()));
            var (u, v) = motion.At(x, y);
            var (backX, backY) = motion.Origin(x + u, y + v);
            Assert.AreEqual(x, backX, 0.01f);
            Assert.AreEqual(y, backY, 0.01f);
        }
    }

    [TestMethod]
    public void Examples_depend_on_seed_and_number_alone()
    {
        var options = new PerceiverFlowGeneratorOptions { Height = 20, Width = 30, MaxShift = 3 };
        var a = TinyFlow.Generator(options).Generate(7);
        TinyFlow.Generator(options).Generate(3);
        var b = TinyFlow.Generator(options).Generate(7);
        CollectionAssert.AreEqual(a.First.Pixels.ToArray(), b.First.Pixels.ToArray());
        CollectionAssert.AreEqual(a.Second.Pixels.ToArray(), b.Second.Pixels.ToArray());
        CollectionAssert.AreEqual(a.Flow.Values, b.Flow.Values);
        CollectionAssert.AreNotEqual(a.Flow.Values, TinyFlow.Generator(options).Generate(8).Flow.Values);
        CollectionAssert.AreNotEqual(a.Flow.Values, TinyFlow.Generator(options with { Seed = 2 }).Generate(7).Flow.Values);
    }

    [TestMethod]
    public void Motions_stay_within_what_is_asked()
    {
        var generator = TinyFlow.Generator(
            new PerceiverFlowGeneratorOptions { Height = 24, Width = 32, MaxShift = 4, AffineShare = 0.3, BendingShare = 0.1 });
        double longest = Enumerable.Range(0, 60).Max(i => PerceiverFlowColors.Longest(generator.Generate(i).Flow));
        Assert.IsLessThanOrEqualTo(4 * (1 + 3 * 0.3 + 2 * 0.1), longest);
        Assert.IsGreaterThan(2, longest);
        Assert.AreEqual(
            0,
            PerceiverFlowColors.Longest(
                TinyFlow.Generator(new PerceiverFlowGeneratorOptions { Height = 24, Width = 32, MaxShift = 0 }).Generate(0).Flow));
    }

    [TestMethod]
    public void Settings_that_would_fold_the_layers_are_refused()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => TinyFlow.Generator(new PerceiverFlowGeneratorOptions { Height = 10, Width = 10, MaxShift = 8 }));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => TinyFlow.Generator(new PerceiverFlowGeneratorOptions { Noise = -1 }));
        Assert.ThrowsExactly<ArgumentException>(() => new PerceiverFlowGenerator([]));
    }

    [TestMethod]
    public void A_row_too_small_for_the_model_is_named()
    {
        using var model = TinyFlow.Model();
        var small = new PerceiverFlowExample(TinyFlow.Image(10, 40, 1), TinyFlow.Image(10, 40, 1), new PerceiverFlowField(10, 40));
        var objective = new PerceiverOpticalFlowObjective(model, PerceiverFlowRows.FromList([small]), PerceiverFlowRows.FromList([]));
        using var random = new PerceiverRandom(1);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => objective.Loss([0], random)).Message, "Training row 0");
        Assert.ThrowsExactly<ArgumentException>(
            () => new PerceiverFlowExample(TinyFlow.Image(10, 40, 1), TinyFlow.Image(10, 41, 1), new PerceiverFlowField(10, 40)));
    }

    [TestMethod]
    public void Views_turn_frames_and_flow_alike()
    {
        var example = TinyFlow.Generator(new PerceiverFlowGeneratorOptions { Height = 30, Width = 40, MaxShift = 3 }).Generate(1);
        example.Flow[8, 9] = (float.NaN, float.NaN);
        const int height = 20, width = 25, plane = height * width;
        float[] frames =
            new float[6 * plane], flow = new float[2 * plane], turned = new float[6 * plane], turnedFlow = new float[2 * plane];
        new FlowView(3, 4, false, false, 1, 0, 0).Write(example, height, width, frames, flow);
        new FlowView(3, 4, true, true, 0.5f, 0.25f, 5).Write(example, height, width, turned, turnedFlow);
        int[] order = [2, 1, 0];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                int to = (height - 1 - y) * width + width - 1 - x, from = y * width + x;
                for (int i = 0; i < 2; i++)
                {
                    for (int c = 0; c < 3; c++)
                        Assert.AreEqual(frames[(i * 3 + order[c]) * plane + from] * 0.5f + 0.25f, turned[(i * 3 + c) * plane + to], 1e-6f);
                    Assert.AreEqual(-flow[2 * from + i], turnedFlow[2 * to + i]);
                }
            }
        }

        Assert.AreEqual(example.Flow[3 + 7, 4 + 6].U, flow[2 * (7 * width + 6)]);
        Assert.IsTrue(float.IsNaN(flow[2 * (5 * width + 5)]));
    }

    [TestMethod]
    public void A_model_learns_flow()
    {
        // A few pairs by heart; what learning from many takes is too long for a test.
        var generator = TinyFlow.Generator(
            new PerceiverFlowGeneratorOptions { Height = TinyFlow.Height, Width = TinyFlow.Width, MaxShift = 2, MaxLayers = 0 });
        var rows = PerceiverFlowRows.Generated(generator, 8);
        using var model = TinyFlow.Model(PerceiverInitialization.LocalFlow);
        var objective = new PerceiverOpticalFlowObjective(model, rows, rows, pixelsPerExample: 200);
        var result = PerceiverTrainer.Run(
            objective, new PerceiverTrainingOptions { Epochs = 60, BatchSize = 4, LearningRate = 3e-3, WeightDecay = 0 });
        double zero = PerceiverOpticalFlowMetrics.Sum(
            Enumerable.Range(0, 8)
                .Select(i => generator.Generate(i).Flow)
                .Select(f => PerceiverOpticalFlowMetrics.Compare(new PerceiverFlowField(f.Height, f.Width), f))).EndPointError;
        double after = result.Epochs[result.BestEpoch - 1].ValidationMetrics!["EPE"];
        Assert.IsLessThan(0.5 * zero, after, $"EPE {after}, of zero flow {zero}");
        Assert.AreEqual(after, objective.Evaluate(default)["EPE"], 1e-4);
    }
}
