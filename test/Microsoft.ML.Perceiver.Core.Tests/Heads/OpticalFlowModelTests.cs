using Microsoft.ML.Perceiver.Tests.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Heads;

/// <summary>The model beyond what the golden cases ask of it, and frames of any size.</summary>
[TestClass]
public sealed class OpticalFlowModelTests
{
    [TestMethod]
    public void Patches_are_the_colours_round_each_pixel()
    {
        using var scope = NewDisposeScope();
        var frames = rand([1, 2, 3, 4, 5]);
        var patches = PerceiverOpticalFlowProcessor.Patches(frames);
        CollectionAssert.AreEqual(new long[] { 1, 2, 27, 4, 5 }, patches.shape);
        for (int y = 0; y < 4; y++)
        {
            for (int dy = -1; dy <= 1; dy++)
            {
                for (int dx = -1; dx <= 1; dx++)
                {
                    for (int c = 0; c < 3; c++)
                    {
                        const int x = 2;
                        float expected = y + dy is < 0 or > 3 ? 0 : frames[0, 1, c, y + dy, x + dx].item<float>();
                        Assert.AreEqual(expected, patches[0, 1, ((dy + 1) * 3 + dx + 1) * 3 + c, y, x].item<float>());
                    }
                }
            }
        }
    }

    [TestMethod]
    public void Some_pixels_are_decoded_as_all_are()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var model = TinyFlow.Model();
        var inputs = rand([2, 2, 27, TinyFlow.Height, TinyFlow.Width]);
        var all = model.forward(inputs).Logits.flatten(1, 2);
        var pixels = tensor(new long[] { 0, 5, 767, 5, 100, 31 }, [2, 3]);
        var some = model.FlowAt(inputs, pixels);
        for (int row = 0; row < 2; row++)
            TinyModels.AssertSame(all[row].index_select(0, pixels[row]), some[row]);
    }

    [TestMethod]
    public void Queries_in_parts_give_what_all_at_once_give()
    {
        using var scope = NewDisposeScope();
        using var model = PerceiverCheckpoint.FromConfig(TinyFlow.Config with { TrainSize = [130, 150] }, 3).Load(
            c => new PerceiverForOpticalFlow(c, initialize: false)).Model;
        var inputs = rand([1, 2, 27, 130, 150]);
        Assert.IsGreaterThan(model.QueriesAtOnce, 130 * 150);
        Tensor inParts;
        // With a mask no maps are folded.
        using (no_grad())
            inParts = model.forward(inputs, attentionMask: ones(1, 130 * 150)).Logits;
        var atOnce = model.forward(inputs).Logits.detach();
        TinyModels.AssertSame(atOnce, inParts);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(4)]
    public void Folded_maps_give_what_the_modules_give(int heads)
    {
        using var scope = NewDisposeScope();
        var config = TinyFlow.Config with { NumCrossAttentionHeads = heads };
        using var model = PerceiverCheckpoint.FromConfig(config, 3).Load(c => new PerceiverForOpticalFlow(c, initialize: false)).Model;
        var inputs = rand([3, 2, 27, TinyFlow.Height, TinyFlow.Width]) * 2 - 1;
        using (no_grad())
        {
            // Normalisations and biases that do something.
            foreach (var parameter in model.parameters())
                parameter.add_(0.05 * randn_like(parameter));
            var frames = model.Perceiver.InputPreprocessor!;
            Assert.IsNotNull(FoldedFlow.TryRun(model.Perceiver, (PerceiverImagePreprocessor)frames, Decoder(model), inputs));
        }

        var modules = model.forward(inputs).Logits.detach();
        using var inference = inference_mode();
        TinyModels.AssertSame(modules, model.forward(inputs).Logits);
    }

    [TestMethod]
    public void Only_plain_float32_is_folded()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var model = TinyFlow.Model();
        var frames = (PerceiverImagePreprocessor)model.Perceiver.InputPreprocessor!;
        var inputs = rand([1, 2, 27, TinyFlow.Height, TinyFlow.Width]);
        Assert.IsNull(FoldedFlow.TryRun(model.Perceiver, frames, Decoder(model), inputs.to(ScalarType.BFloat16)));
        model.to(ScalarType.Float64);
        Assert.IsNull(FoldedFlow.TryRun(model.Perceiver, frames, Decoder(model), inputs));
    }

    private static PerceiverOpticalFlowDecoder Decoder(PerceiverForOpticalFlow model) =>
        (PerceiverOpticalFlowDecoder)model.Perceiver.Decoder!;

    [TestMethod]
    public void Only_tiles_that_moved_much_are_refined()
    {
        using var model = TinyFlow.Model();
        var (first, second) = (TinyFlow.Image(60, 90, 0), TinyFlow.Image(60, 90, 0, 1));
        PerceiverFlowField Flow(int refinements, float threshold) =>
            new PerceiverOpticalFlowPredictor(
                model,
                new PerceiverOpticalFlowPredictorOptions { Refinements = refinements, RefinementThreshold = threshold })
            .Predict(first, second);
        var (once, twice) = (Flow(0, 0), Flow(1, 0));
        CollectionAssert.AreNotEqual(once.Values, twice.Values);
        CollectionAssert.AreEqual(once.Values, Flow(1, 1e6f).Values);
        CollectionAssert.AreEqual(twice.Values, Flow(1, 1e-12f).Values);
        // A threshold between the tiles' means refines some of them.
        double Length(int pixel) => Math.Sqrt(Math.Pow(once.Values[2 * pixel], 2) + Math.Pow(once.Values[2 * pixel + 1], 2));
        float[] some = Flow(1, (float)Enumerable.Range(0, 60 * 90).Average(Length)).Values;
        CollectionAssert.AreNotEqual(once.Values, some);
        CollectionAssert.AreNotEqual(twice.Values, some);
    }

    [TestMethod]
    public void The_loss_is_the_mean_distance_over_known_pixels()
    {
        using var scope = NewDisposeScope();
        var flow = tensor(new[] { 0f, 0, 1, 1, 5, 5 }, [1, 1, 3, 2]);
        var truth = tensor(new[] { 3f, 4, 1, 1, float.NaN, 0 }, [1, 1, 3, 2]);
        Assert.AreEqual(2.5f, PerceiverForOpticalFlow.EndPointError(flow, truth).item<float>(), 1e-5f);
        Assert.AreEqual(0f, PerceiverForOpticalFlow.EndPointError(flow, full_like(truth, float.NaN)).item<float>());
        Assert.ThrowsExactly<ArgumentException>(() => PerceiverForOpticalFlow.EndPointError(flow, truth.flatten(0, 1)));
    }

    [TestMethod]
    public void Frames_of_one_tile_are_the_bare_model_exactly()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var model = TinyFlow.Model();
        var (first, second) = (
            TinyFlow.Image(TinyFlow.Height, TinyFlow.Width, 1), TinyFlow.Image(TinyFlow.Height, TinyFlow.Width, 1, 2));
        var flow = new PerceiverOpticalFlowPredictor(model).Predict(first, second);
        var frames = stack([Frame(first), Frame(second)], 0).unsqueeze(0);
        var bare = model.forward(PerceiverOpticalFlowProcessor.Patches(frames)).Logits * 20;
        CollectionAssert.AreEqual(bare.contiguous().data<float>().ToArray(), flow.Values);
    }

    [TestMethod]
    [DataRow(24, 33)]
    [DataRow(70, 32)]
    [DataRow(61, 91)]
    public void Larger_frames_are_the_blend_of_their_tiles(int height, int width)
    {
        using var model = TinyFlow.Model();
        var options = new PerceiverOpticalFlowPredictorOptions { BatchSize = 3 };
        var (first, second) = (TinyFlow.Image(height, width, 2), TinyFlow.Image(height, width, 2, 1));
        var flow = new PerceiverOpticalFlowPredictor(model, options).Predict(first, second);
        var (rows, columns) = (new TileGrid(height, TinyFlow.Height, 20), new TileGrid(width, TinyFlow.Width, 20));
        var expected = new TileBlend(rows, columns, height, width, TinyFlow.Height, TinyFlow.Width);
        foreach (int top in rows.Starts)
        {
            foreach (int left in columns.Starts)
            {
                expected.Add(
                    top, left, new PerceiverOpticalFlowPredictor(model).Predict(Cut(first, top, left), Cut(second, top, left)).Values);
            }
        }

        AssertClose(expected.Finish(), flow);
    }

    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(1, 200)]
    [DataRow(10, 12)]
    [DataRow(12, 32)]
    public void Smaller_frames_are_stretched_and_their_flow_scaled_back(int height, int width)
    {
        using var model = TinyFlow.Model();
        var predictor = new PerceiverOpticalFlowPredictor(model);
        var (first, second) = (TinyFlow.Image(height, width, 2), TinyFlow.Image(height, width, 2, 1));
        var flow = predictor.Predict(first, second);
        Assert.AreEqual((height, width), (flow.Height, flow.Width));
        int tall = Math.Max(height, TinyFlow.Height), wide = Math.Max(width, TinyFlow.Width);
        var stretched = predictor.Predict(PlaneResizer.Resize(first, tall, wide), PlaneResizer.Resize(second, tall, wide));
        AssertClose(FlowScaling.Resize(stretched, height, width), flow);
        Assert.IsTrue(flow.Values.All(float.IsFinite));
    }

    [TestMethod]
    public void Scaled_flow_is_in_pixels_of_its_size()
    {
        var flow = new PerceiverFlowField(4, 6, [.. Enumerable.Range(0, 24).SelectMany(_ => new[] { 3f, -2f })]);
        var smaller = FlowScaling.Resize(flow, 2, 2);
        Assert.AreEqual((1f, -1f), (MathF.Round(smaller[1, 1].U, 4), MathF.Round(smaller[1, 1].V, 4)));
        var larger = FlowScaling.Resize(flow, 8, 6);
        Assert.AreEqual((3f, -4f), (MathF.Round(larger[7, 0].U, 4), MathF.Round(larger[7, 0].V, 4)));
    }

    [TestMethod]
    public void Frames_of_different_sizes_are_refused()
    {
        using var model = TinyFlow.Model();
        var error = Assert.ThrowsExactly<ArgumentException>(
            () => new PerceiverOpticalFlowPredictor(model).Predict(TinyFlow.Image(30, 40, 1), TinyFlow.Image(30, 41, 1)));
        StringAssert.Contains(error.Message, "30 x 40");
        StringAssert.Contains(error.Message, "30 x 41");
    }

    [TestMethod]
    public void Options_that_do_not_suit_the_model_are_refused()
    {
        using var model = TinyFlow.Model();
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(
                () => new PerceiverOpticalFlowPredictor(
                    model, new PerceiverOpticalFlowPredictorOptions { MinOverlap = TinyFlow.Height })).Message,
            "overlap");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => new PerceiverOpticalFlowPredictor(model, new PerceiverOpticalFlowPredictorOptions { PyramidLevels = 0 }));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => new PerceiverOpticalFlowPredictor(model, new PerceiverOpticalFlowPredictorOptions { Refinements = -1 }));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => new PerceiverOpticalFlowPredictor(model, new PerceiverOpticalFlowPredictorOptions { FlowScale = float.NaN }));
        Assert.ThrowsExactly<ArgumentException>(() => model.forward(rand([1, 2, 27, 5, 5])));
    }

    [TestMethod]
    public void Little_memory_gives_the_same_flow()
    {
        using var model = TinyFlow.Model();
        var (first, second) = (TinyFlow.Image(60, 80, 2), TinyFlow.Image(60, 80, 2, 1));
        var much = new PerceiverOpticalFlowPredictor(
            model, new PerceiverOpticalFlowPredictorOptions { MaxMemoryBytes = null }).Predict(first, second);
        var little = new PerceiverOpticalFlowPredictor(
            model, new PerceiverOpticalFlowPredictorOptions { MaxMemoryBytes = 1 }).Predict(first, second);
        AssertClose(much, little);
    }

    [TestMethod]
    public void A_cancelled_prediction_ends()
    {
        using var model = TinyFlow.Model();
        Assert.ThrowsExactly<OperationCanceledException>(
            () => new PerceiverOpticalFlowPredictor(model).Predict(
                TinyFlow.Image(60, 80, 2), TinyFlow.Image(60, 80, 2), cancellation: new CancellationToken(true)));
    }

    [TestMethod]
    [DataRow(24, 32, 1, 0, 1)]
    [DataRow(20, 90, 1, 1, 8)]
    [DataRow(60, 80, 2, 1, 32)]
    public void The_share_that_is_done_grows_to_one(int height, int width, int levels, int refinements, int steps)
    {
        using var model = TinyFlow.Model();
        var options = new PerceiverOpticalFlowPredictorOptions
        {
            PyramidLevels = levels,
            Refinements = refinements,
            MinOverlap = 8,
            BatchSize = 1,
        };
        var shares = new Shares();
        new PerceiverOpticalFlowPredictor(model, options).Predict(
            TinyFlow.Image(height, width, 2), TinyFlow.Image(height, width, 2, 1), shares);
        CollectionAssert.AreEqual(Enumerable.Range(1, steps).Select(i => i / (double)steps).ToArray(), shares.Told);
    }

    private sealed class Shares : IProgress<double>
    {
        public List<double> Told { get; } = [];

        public void Report(double value) => Told.Add(value);
    }

    [TestMethod]
    public void Local_latents_read_the_pixels_round_their_homes()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var model = TinyFlow.Model(PerceiverInitialization.LocalFlow);
        var generator = TinyFlow.Generator();
        var example = generator.Generate(0);
        var frames = stack([Frame(example.First), Frame(example.Second)], 0).unsqueeze(0);
        var output = model.forward(PerceiverOpticalFlowProcessor.Patches(frames), outputAttentions: true);
        var (rows, columns) = LocalFlowInitializer.Grid(TinyFlow.Config.NumLatents, TinyFlow.Height, TinyFlow.Width);
        Assert.AreEqual((4, 6), (rows, columns));
        // [heads, latents, pixels] of the encoder, [pixels, latents] of the decoder: where each looks first.
        var read = output.CrossAttentions![0][0].argmax(-1).data<long>().ToArray();
        var asked = output.CrossAttentions[1][0, 0].argmax(-1).data<long>().ToArray();
        double Row(long latent) => (latent / columns + 0.5) * TinyFlow.Height / rows - 0.5;
        double Column(long latent) => (latent % columns + 0.5) * TinyFlow.Width / columns - 0.5;
        int reads = read.Where((pixel, i) =>
            Near(pixel / TinyFlow.Width, Row(i % TinyFlow.Config.NumLatents), 3)
                && Near(pixel % TinyFlow.Width, Column(i % TinyFlow.Config.NumLatents), 3)).Count();
        int asks = asked.Where(
            (latent, pixel) => Near(pixel / TinyFlow.Width, Row(latent), 4.5) && Near(pixel % TinyFlow.Width, Column(latent), 4.5)).Count();
        Assert.IsGreaterThan(0.9, reads / (double)read.Length);
        Assert.IsGreaterThan(0.8, asks / (double)asked.Length);
    }

    private static bool Near(double a, double b, double distance) => Math.Abs(a - b) <= distance;

    [TestMethod]
    public void Only_a_model_of_flow_starts_from_local_flow()
    {
        var checkpoint = PerceiverCheckpoint.FromConfig(
            new PerceiverConfig { NumLatents = 4, LatentChannels = 16, NumSelfAttendsPerBlock = 1, ModelChannels = 16 },
            1,
            PerceiverInitialization.LocalFlow);
        Assert.ThrowsExactly<ArgumentException>(() => checkpoint.Load(c => new PerceiverModel(c, initialize: false)));
    }

    internal static Tensor Frame(PerceiverImage image)
    {
        var planes = RgbPlanes.Of(image);
        return tensor(planes.Pixels.ToArray().Select(b => b / 255f * 2 - 1).ToArray(), [3, image.Height, image.Width]);
    }

    private static PerceiverImage Cut(PerceiverImage image, int top, int left)
    {
        byte[] pixels = new byte[TinyFlow.Height * TinyFlow.Width * 3];
        for (int y = 0; y < TinyFlow.Height; y++)
            image.Pixels.Span.Slice(((top + y) * image.Width + left) * 3, TinyFlow.Width * 3).CopyTo(pixels.AsSpan(y * TinyFlow.Width * 3));
        return new PerceiverImage(TinyFlow.Height, TinyFlow.Width, 3, pixels);
    }

    private static void AssertClose(PerceiverFlowField expected, PerceiverFlowField actual) =>
        TinyModels.AssertSame(expected.Values, actual.Values);
}
