using Microsoft.ML.Perceiver.Tests.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Heads;

[TestClass]
public sealed class ObjectDetectionTests
{
    private static readonly PerceiverConfig Config = (TinyModels.Config with
    {
        InitializerRange = 0.3,
        ImageSize = 24,
        NumQueries = 5,
        NumCrossAttentionHeads = 2,
        QueryKeyChannels = 16,
        ValueChannels = 16,
    }).WithLabels(["hat", "shoe", "ü"]);

    [TestMethod]
    public void Its_outputs_are_those_of_a_model_put_together_of_the_same_parts()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var model = new PerceiverForObjectDetection(Config, seed: 1);
        var weights = model.state_dict();
        weights["bbox_predictor.reference_boxes.weight"].copy_(TinyModels.Normal(4, 5, 4));
        var preprocessor = new PerceiverImagePreprocessor(new()
        {
            PrepType = PerceiverImagePrepType.Conv,
            SpatialDownsample = 1,
            PositionEncoding = PerceiverPositionEncodingOptions.ForFourier(new(64, [56, 56])),
        });
        var decoder = new PerceiverBasicDecoder(Config, new()
        {
            NumChannels = 16,
            NumHeads = 2,
            QueryKeyChannels = 16,
            ValueChannels = 16,
            OutputIndexDims = [5],
            PositionEncoding = PerceiverPositionEncodingOptions.ForTrainable(16, 5),
            UseQueryResidual = true,
            FinalProject = false,
        });
        using var parts = new PerceiverModel(Config, decoder, preprocessor, seed: 2);
        const string prefix = "perceiver.";
        parts.load_state_dict(weights
            .Where(w => w.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(w => w.Key[prefix.Length..], w => w.Value));
        var pixels = TinyModels.Normal(3, 2, 3, 24, 20);
        var decoded = parts.forward(pixels).Logits!;
        Tensor Map(Tensor x, string layer) => nn.functional.linear(x, weights[layer + ".weight"], weights[layer + ".bias"]);
        var hidden = nn.functional.relu(Map(decoded, "bbox_predictor.layers.0"));
        hidden = nn.functional.relu(Map(hidden, "bbox_predictor.layers.1"));
        var boxes = (Map(hidden, "bbox_predictor.layers.2") + weights["bbox_predictor.reference_boxes.weight"]).sigmoid();
        var output = model.forward(pixels);
        CollectionAssert.AreEqual(new long[] { 2, 5, 4 }, output.Logits.shape);
        TinyModels.AssertSame(Map(decoded, "class_labels_classifier"), output.Logits);
        TinyModels.AssertSame(boxes, output.PredictedBoxes);
        Assert.IsNull(output.Loss);
    }

    [TestMethod]
    public void The_loss_is_the_sum_of_its_terms_over_the_matched_queries()
    {
        using var scope = NewDisposeScope();
        var weights = new PerceiverDetectionWeights { Label = 2, Box = 3, Overlap = 4, NoObject = 0.2 };
        var logits = TinyModels.Normal(1, 2, 4, 3);
        var boxes = TinyModels.Normal(2, 2, 4, 4).sigmoid() * 0.5 + 0.2;
        PerceiverDetectionTarget[] targets =
            [new([1, 0], [0.3f, 0.4f, 0.2f, 0.3f, 0.7f, 0.6f, 0.4f, 0.5f]), new([], [])];
        // Of all pairs of queries the cheapest.
        var best = (from a in Enumerable.Range(0, 4)
                    from b in Enumerable.Range(0, 4)
                    where a != b
                    orderby CostOf(a, 0) + CostOf(b, 1)
                    select (a, b)).First();
        CollectionAssert.AreEqual(new[] { best.a, best.b }, DetectionLoss.Match(logits, boxes, targets, weights)[0]);
        double loss = 0, weight = 0;
        for (int image = 0; image < 2; image++)
        {
            for (int query = 0; query < 4; query++)
            {
                int label = image == 1 ? 2 : query == best.a ? 1 : query == best.b ? 0 : 2;
                double w = label == 2 ? 0.2 : 1;
                loss -= w * logits[image, query].log_softmax(0)[label].item<float>();
                weight += w;
            }
        }

        loss = 2 * loss / weight;
        foreach (var (query, index) in new[] { (best.a, 0), (best.b, 1) })
            loss += (3 * Difference(query, index) + 4 * (1 - Generalised(query, index))) / 2;
        Assert.AreEqual(loss, DetectionLoss.Of(logits, boxes, targets, weights).item<float>(), 1e-5);

        double CostOf(int query, int index) => 3 * Difference(query, index) - 4 * Generalised(query, index)
            - 2 * logits[0, query].softmax(0)[targets[0].Labels[index]].item<float>();

        double Difference(int query, int index) =>
            Enumerable.Range(0, 4).Sum(n => Math.Abs(boxes[0, query, n].item<float>() - targets[0].Boxes[4 * index + n]));

        double Generalised(int query, int index) =>
            Box.OfCentre(boxes[0, query].data<float>().ToArray()).GeneralisedOverlap(targets[0].BoxAt(index));
    }

    [TestMethod]
    [DataRow(0f, 0f, 2f, 2f, 1.0 / 7, 1.0 / 7 - 2.0 / 9)]
    [DataRow(1f, 1f, 3f, 3f, 1, 1)]
    [DataRow(5f, 1f, 7f, 3f, 0, -4.0 / 12)]
    [DataRow(1f, 1f, 2f, 2f, 0.25, 0.25)]
    public void Overlaps_are_those_of_their_definition(float left, float top, float right, float bottom, double overlap, double generalised)
    {
        var box = new Box(left, top, right, bottom);
        var other = new Box(1, 1, 3, 3);
        Assert.AreEqual(overlap, box.Overlap(other), 1e-6);
        Assert.AreEqual(overlap, other.Overlap(box), 1e-6);
        Assert.AreEqual(generalised, box.GeneralisedOverlap(other), 1e-6);
        Assert.AreEqual(box, Box.OfCentre(box.ToCentre()));
    }

    [TestMethod]
    public void A_classifiers_checkpoint_loads_but_for_the_head()
    {
        using var folder = new TemporaryFolder();
        using (var classifier = new PerceiverForImageClassificationConvProcessing(Config, seed: 7))
            classifier.SavePretrained(folder.Path);
        var checkpoint = PerceiverCheckpoint.FromDirectory(folder.Path);
        var (model, report) = checkpoint.Load(c => new PerceiverForObjectDetection(c, initialize: false), newHead: true);
        using (model)
        {
            Assert.IsTrue(report.NewlyInitialized.All(name =>
                name.StartsWith("perceiver.decoder.", StringComparison.Ordinal)
                || name.StartsWith("class_labels_classifier.", StringComparison.Ordinal)
                || name.StartsWith("bbox_predictor.", StringComparison.Ordinal)));
            Assert.IsNotEmpty(report.Loaded);
            using var saved = new TemporaryFolder();
            model.SavePretrained(saved.Path);
            using var again = PerceiverModels.FromPretrained(saved.Path);
            Assert.AreEqual(5, ((PerceiverForObjectDetection)again).NumQueries);
        }

        Assert.ThrowsExactly<FormatException>(() => checkpoint.Load(c => new PerceiverForObjectDetection(c, initialize: false)));
    }

    [TestMethod]
    public void Labels_in_another_order_keep_their_rows_and_no_object_its_own()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var model = new PerceiverForObjectDetection(Config, seed: 7);
        model.SavePretrained(folder.Path);
        var (other, report) = PerceiverCheckpoint.FromDirectory(folder.Path).Load(
            c => new PerceiverForObjectDetection(c, initialize: false), Config.WithLabels(["ü", "hat", "shoe"]), newHead: true);
        using (other)
        {
            Assert.AreEqual(PerceiverLabelChange.Reordered, report.LabelChange);
            var (before, after) = (Rows(model), Rows(other));
            TinyModels.AssertSame(before.index_select(0, tensor(new long[] { 2, 0, 1, 3 })), after);
        }

        static Tensor Rows(PerceiverForObjectDetection m) => m.state_dict()["class_labels_classifier.weight"];
    }

    [TestMethod]
    public void What_does_not_fit_is_refused()
    {
        using var scope = NewDisposeScope();
        using var model = new PerceiverForObjectDetection(Config with { NumQueries = 1 }, seed: 1);
        var pixels = TinyModels.Normal(3, 1, 3, 24, 24);
        float[] two = [0.5f, 0.5f, 0.1f, 0.1f, 0.5f, 0.5f, 0.2f, 0.2f];
        Refused(() => model.forward(pixels, labels: []), "0 targets for 1 images");
        Refused(() => model.forward(pixels, labels: [new([0, 1], two)]), "2 objects; the model has 1 queries");
        Refused(() => model.forward(pixels, labels: [new([3], two[..4])]), "the label 3; the model has 3 labels");
        Refused(() => _ = new PerceiverDetectionTarget([0], two), "1 labels and 8 numbers");
        Refused(() => _ = new PerceiverDetectionTarget([-1], two[..4]), "label 0 is -1");
        Refused(() => _ = new PerceiverDetectionTarget([0], [0.5f, 0.5f, 0, 0.1f]), "needs an area");
        Refused(() => _ = new PerceiverDetectionTarget([0], [0.5f, 0.5f, 1.2f, 0.1f]), "from 0 to 1");
        Refused(() => _ = new PerceiverDetectionTarget([0], [float.NaN, 0.5f, 0.1f, 0.1f]), "NaN");
        Refused(() => _ = new PerceiverForObjectDetection(Config with { NumQueries = 0 }), "num_queries");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new PerceiverDetectionWeights { NoObject = 0 }.Validate());
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new PerceiverDetectionWeights { Box = -1 }.Validate());

        static void Refused(Action action, string expected) =>
            StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(action).Message, expected);
    }

    [TestMethod]
    public void Local_queries_start_at_a_grid_of_boxes_and_read_the_latents_around_them()
    {
        const int side = 64, places = 15, queries = 5, latents = 8;
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var config = Config with
        {
            NumLatents = latents * latents,
            LatentChannels = 128,
            QueryKeyChannels = 128,
            ValueChannels = 128,
            NumQueries = queries * queries,
            ImageSize = side,
            AttentionDropout = 0,
        };
        var (model, _) = PerceiverCheckpoint.FromConfig(config, 1, PerceiverInitialization.LocalImage)
            .Load(c => new PerceiverForObjectDetection(c, initialize: false));
        using (model)
        {
            // The batch normalisation has no running statistics yet.
            model.train();
            var output = model.forward(TinyModels.Normal(3, 1, 3, side, side), outputAttentions: true);
            float[] boxes = model.state_dict()["bbox_predictor.reference_boxes.weight"].sigmoid().data<float>().ToArray();
            // [1, heads, queries, latents]; the first head is local.
            float[] read = output.CrossAttentions![^1][0, 0].contiguous().data<float>().ToArray();
            double near = 0, shareOfNear = 0;
            for (int query = 0; query < queries * queries; query++)
            {
                double x = (query % queries + 0.5) / queries, y = (query / queries + 0.5) / queries;
                Assert.AreEqual(x, boxes[4 * query], 1e-5);
                Assert.AreEqual(y, boxes[4 * query + 1], 1e-5);
                int[] around =
                [
                    .. Enumerable.Range(0, latents * latents)
                        .Where(l => IsNear(x, (l % latents + 0.5) / latents) && IsNear(y, (l / latents + 0.5) / latents)),
                ];
                near += around.Sum(l => read[query * latents * latents + l]);
                shareOfNear += (double)around.Length / (latents * latents);
            }

            // A query without a place reads all latents alike.
            Assert.IsGreaterThan(2 * shareOfNear, near);
        }

        // Three places of the grid of inputs.
        static bool IsNear(double a, double b) => Math.Abs(a - b) <= 3.0 / places;
    }
}
