using Microsoft.ML.Data;
using Microsoft.ML.Perceiver.Tests.Heads;
using Microsoft.ML.Perceiver.Tests.ImageClassification;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Perceiver.Tests.OpticalFlow;

/// <summary>Optical flow as a stage of ML.NET.</summary>
[TestClass]
public sealed class OpticalFlowTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Passes_the_common_check() => EstimatorCheck.Run(
        _context,
        Files().Append(_context.Transforms.PerceiverOpticalFlow(
            new PerceiverOpticalFlowOptions { Checkpoint = TinyFlow.Checkpoint, FlowImageColumnName = "Painted" })),
        Paths("cmyk.jpg", "rgb16.png", "grey.jpg"),
        [_context.Data.LoadFromEnumerable([new { First = "a" }]), _context.Data.LoadFromEnumerable([new { First = 1f, Second = 2f }])],
        "Flow", "FlowHeight", "FlowWidth");

    [TestMethod]
    public void A_training_passes_the_common_check()
    {
        string[] names = ["rgb16.png", "rgb16.png", "rgb16.png"];
        using var image = MLImage.CreateFromFile(TinyImages.File(names[0]));
        int numbers = image.Height * image.Width * 2;
        var data = _context.Data.LoadFromEnumerable(
            names.Select(n => new LabelledPath { First = TinyImages.File(n), Second = TinyImages.File(n), Label = new float[numbers] }));
        EstimatorCheck.Run(
            _context,
            Files().Append(_context.Transforms.PerceiverOpticalFlow(new PerceiverOpticalFlowOptions
            {
                Checkpoint = PerceiverCheckpoint.FromConfig(TinyFlow.Config with { TrainSize = [12, 12] }, 3),
                Flow = new PerceiverOpticalFlowPredictorOptions { MinOverlap = 5 },
                Training = new PerceiverTrainingOptions { Epochs = 1, BatchSize = 2 },
                Augmentation = new PerceiverFlowAugmentation { HorizontalFlip = true },
                PixelsPerExample = 50,
            })),
            data,
            [Paths("rgb16.png")],
            "Flow", "FlowHeight", "FlowWidth");
    }

    [TestMethod]
    public void The_flow_is_the_predictors_and_the_image_its_colours()
    {
        using var transformer = _context.Transforms.PerceiverOpticalFlow(TinyFlow.Checkpoint, flowImageColumnName: "Painted")
            .Fit(Pairs((30, 40)));
        var scored = transformer.Transform(Pairs((30, 40)));
        float[] flow = scored.GetColumn<float[]>("Flow").Single();
        using var image = scored.GetColumn<MLImage>("Painted").Single();
        using var model = TinyFlow.Model();
        var expected = new PerceiverOpticalFlowPredictor(model).Predict(TinyFlow.Image(30, 40, 0), TinyFlow.Image(30, 40, 0, 1));
        Assert.AreEqual((30, 40), (scored.GetColumn<int>("FlowHeight").Single(), scored.GetColumn<int>("FlowWidth").Single()));
        Modules.TinyModels.AssertSame(expected.Values, flow);
        CollectionAssert.AreEqual(
            RgbPlanes.Of(PerceiverFlowColors.Paint(new PerceiverFlowField(30, 40, flow))).Pixels.ToArray(),
            RgbPlanes.Of(image.ToPerceiverImage()).Pixels.ToArray());
    }

    [TestMethod]
    public void The_size_is_known_without_the_flow()
    {
        var model = TinyFlow.Model();
        var found = new FoundFlow(
            new FramePair(TinyFlow.Image(30, 40, 0), TinyFlow.Image(30, 40, 0, 1)), new PerceiverOpticalFlowPredictor(model));
        // Whatever needed the model would fail.
        model.Dispose();
        Assert.AreEqual((30, 40), (found.Height, found.Width));
        Assert.Throws<Exception>(() => found.Field);
    }

    [TestMethod]
    public void Columns_of_one_row_share_the_flow_whatever_reads_them()
    {
        using var transformer = _context.Transforms.PerceiverOpticalFlow(TinyFlow.Checkpoint).Fit(Pairs((30, 40)));
        var options = new PerceiverOpticalFlowOptions { Checkpoint = TinyFlow.Checkpoint };
        var stage = new OpticalFlowStage(new(
            PerceiverOpticalFlowTransformer.File, options, new OpticalFlowFound(transformer.Flow), TinyFlow.Model()));
        FramePair Pair(int shift) => new(RgbPlanes.Of(TinyFlow.Image(30, 40, 0)), RgbPlanes.Of(TinyFlow.Image(30, 40, 0, shift)));
        var view = stage.ForView();
        var first = view.Score([Pair(1)])[0];
        Assert.AreSame(first, view.Score([Pair(1)])[0]);
        Assert.AreSame(first.Field, view.Score([Pair(1)])[0].Field);
        Assert.AreNotSame(first, view.Score([Pair(2)])[0]);
        // Another view keeps nothing of the first one, and a prediction engine nothing at all.
        Assert.AreNotSame(first, stage.ForView().Score([Pair(1)])[0]);
        Assert.AreNotSame(stage.Score([Pair(1)])[0], stage.Score([Pair(1)])[0]);
    }

    [TestMethod]
    public void Frames_of_different_sizes_fail_with_their_rows_number()
    {
        using var transformer = _context.Transforms.PerceiverOpticalFlow(TinyFlow.Checkpoint).Fit(Pairs((30, 40)));
        var rows = Rows((30, 40), (30, 40));
        rows[1].SecondImage = Image(TinyFlow.Image(30, 41, 1));
        var view = transformer.Transform(_context.Data.LoadFromEnumerable(rows));
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => view.GetColumn<float[]>("Flow").ToArray());
        StringAssert.Contains(error.Message, "Row 1");
        StringAssert.Contains(error.Message, "30 x 41");
    }

    [TestMethod]
    public void A_missing_frame_fails_with_its_rows_number()
    {
        using var transformer = _context.Transforms.PerceiverOpticalFlow(TinyFlow.Checkpoint).Fit(Pairs((30, 40)));
        var rows = Rows((30, 40));
        rows[0].FirstImage = null;
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidOperationException>(
                () => transformer.Transform(_context.Data.LoadFromEnumerable(rows)).GetColumn<float[]>("Flow").ToArray()).Message,
            "Row 0");
    }

    [TestMethod]
    public void Evaluation_is_by_row_and_in_total()
    {
        using var transformer = _context.Transforms.PerceiverOpticalFlow(TinyFlow.Checkpoint).Fit(Pairs((30, 40)));
        var rows = Rows((30, 40), (24, 32));
        rows[1].Label![4] = float.NaN;
        var scored = transformer.Transform(_context.Data.LoadFromEnumerable(rows));
        var evaluation = _context.Transforms.EvaluateOpticalFlow(scored);
        var flows = scored.GetColumn<float[]>("Flow").ToArray();
        Assert.HasCount(2, evaluation.Rows);
        for (int i = 0; i < 2; i++)
        {
            var (height, width) = i == 0 ? (30, 40) : (24, 32);
            double expected = PerceiverOpticalFlowMetrics.Compare(
                new PerceiverFlowField(height, width, flows[i]), new PerceiverFlowField(height, width, rows[i].Label!)).EndPointError;
            Assert.AreEqual(expected, evaluation.Rows[i].EndPointError, 1e-9);
        }

        Assert.AreEqual(30 * 40 + 24 * 32 - 1, evaluation.Total.Pixels);
        Assert.AreEqual(
            (evaluation.Rows[0].EndPointError * 1200 + evaluation.Rows[1].EndPointError * 767) / 1967,
            evaluation.Total.EndPointError,
            1e-6);
        rows[1].Label = new float[6];
        var unequal = transformer.Transform(_context.Data.LoadFromEnumerable(rows));
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => _context.Transforms.EvaluateOpticalFlow(unequal));
        StringAssert.Contains(error.Message, "Row 1");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Transforms.EvaluateOpticalFlow(scored, "None"));
    }

    [TestMethod]
    public void A_flow_of_another_size_than_its_frames_is_refused()
    {
        var rows = Rows((30, 40), (30, 40));
        rows[1].Label = new float[7];
        var estimator = Trainer(null);
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidOperationException>(() => estimator.Fit(_context.Data.LoadFromEnumerable(rows))).Message, "Row 1");
        Assert.ThrowsExactly<InvalidOperationException>(() => estimator.Fit(_context.Data.LoadFromEnumerable(Rows())));
    }

    [TestMethod]
    public void Generated_pairs_can_be_read_and_are_learnt_without_being_kept()
    {
        using var photograph = Image(TinyFlow.Image(80, 90, 2));
        var options = new PerceiverFlowGeneratorOptions { Height = TinyFlow.Height, Width = TinyFlow.Width, MaxShift = 2 };
        var data = _context.Data.GenerateOpticalFlow([photograph], 12, options);
        Assert.AreEqual(12, data.GetRowCount());
        var rows = _context.Data.CreateEnumerable<FixedRow>(data, reuseRowObject: false).ToArray();
        Assert.HasCount(12, rows);
        var expected = new PerceiverFlowGenerator([TinyFlow.Image(80, 90, 2)], options).Generate(5);
        CollectionAssert.AreEqual(expected.Flow.Values, rows[5].Label);
        CollectionAssert.AreEqual(expected.Second.Pixels.ToArray(), RgbPlanes.Of(rows[5].SecondImage!.ToPerceiverImage()).Pixels.ToArray());
        using var direct = Trainer(null).Fit(data);
        // Rows that were chosen are made again too.
        using var kept = Trainer(_context.Data.TakeRows(_context.Data.SkipRows(data, 10), 2)).Fit(_context.Data.TakeRows(data, 10));
        using var split = Trainer(_context.Data.GenerateOpticalFlow([photograph], 2, options, start: 10))
            .Fit(_context.Data.GenerateOpticalFlow([photograph], 10, options));
        Assert.AreEqual(
            split.TrainingResult!.Epochs[0].ValidationMetrics!["EPE"], kept.TrainingResult!.Epochs[0].ValidationMetrics!["EPE"], 1e-6);
        Assert.HasCount(1, direct.TrainingResult!.Epochs);
    }

    [TestMethod]
    public void How_flow_is_computed_goes_with_the_checkpoint()
    {
        using var folder = new TemporaryFolder();
        var flow = new PerceiverOpticalFlowPredictorOptions { PyramidLevels = 2, Refinements = 1, MinOverlap = 21, FlowScale = 3 };
        var options = new PerceiverOpticalFlowOptions { Checkpoint = TinyFlow.Checkpoint, Flow = flow };
        using (var transformer = _context.Transforms.PerceiverOpticalFlow(options).Fit(Pairs((30, 40))))
            transformer.SavePretrained(folder.Path);
        using var loaded = _context.Transforms.PerceiverOpticalFlow(PerceiverCheckpoint.FromDirectory(folder.Path)).Fit(Pairs((30, 40)));
        Assert.AreEqual(flow, loaded.Flow);
        File.WriteAllText(folder["preprocessor_config.json"], """{"flow_pyramid_levels": 0}""");
        Assert.ThrowsExactly<FormatException>(
            () => _context.Transforms.PerceiverOpticalFlow(PerceiverCheckpoint.FromDirectory(folder.Path)).Fit(Pairs((30, 40))));
    }

    [TestMethod]
    public void Settings_that_make_no_sense_are_refused()
    {
        Refused<ArgumentException>(o => o.Checkpoint = null);
        Refused<ArgumentException>(o => o.FlowColumnName = "");
        Refused<ArgumentException>(o => o.FlowImageMaxMotion = 3);
        Refused<ArgumentException>(o => o.PixelsPerExample = 3);
        Refused<ArgumentException>(o => o.Augmentation = new PerceiverFlowAugmentation());
        Refused<ArgumentOutOfRangeException>(o => o.Flow = new PerceiverOpticalFlowPredictorOptions { Refinements = -1 });
        Refused<ArgumentOutOfRangeException>(o => o.BatchSize = 0);
        Refused<ArgumentException>(o => o.Checkpoint = PerceiverCheckpoint.FromConfig(TinyImages.Config(), 1));
    }

    private void Refused<TException>(Action<PerceiverOpticalFlowOptions> change)
        where TException : Exception
    {
        var options = new PerceiverOpticalFlowOptions { Checkpoint = TinyFlow.Checkpoint };
        change(options);
        Assert.ThrowsExactly<TException>(() => _context.Transforms.PerceiverOpticalFlow(options));
    }

    private PerceiverOpticalFlowEstimator Trainer(IDataView? validation) =>
        _context.Transforms.PerceiverOpticalFlow(new PerceiverOpticalFlowOptions
        {
            Checkpoint = TinyFlow.Checkpoint,
            Training = new PerceiverTrainingOptions { Epochs = 1, BatchSize = 5, LearningRate = 1e-3 },
            ValidationSet = validation,
        });

    private EstimatorChain<ITransformer> Files() => new EstimatorChain<ITransformer>()
        .Append<ITransformer>(_context.Transforms.LoadImages("FirstImage", imageFolder: null, "First"))
        .Append<ITransformer>(_context.Transforms.LoadImages("SecondImage", imageFolder: null, "Second"));

    private IDataView Paths(params string[] names) =>
        _context.Data.LoadFromEnumerable(names.Select(n => new { First = TinyImages.File(n), Second = TinyImages.File(n) }));

    private IDataView Pairs(params (int Height, int Width)[] sizes) =>
        _context.Data.LoadFromEnumerable(Rows(sizes).Select(r => new PairRow { FirstImage = r.FirstImage, SecondImage = r.SecondImage }));

    private static LabelledRow[] Rows(params (int Height, int Width)[] sizes) => [.. sizes.Select((s, i) => new LabelledRow
    {
        FirstImage = Image(TinyFlow.Image(s.Height, s.Width, i)),
        SecondImage = Image(TinyFlow.Image(s.Height, s.Width, i, 1)),
        Label = [.. Enumerable.Range(0, s.Height * s.Width * 2).Select(k => k % 2 == 0 ? 1f : 0f)],
    })];

    private static MLImage Image(PerceiverImage image) => image.ToMLImage();

    private class PairRow
    {
        [ImageType(24, 32)]
        public MLImage? FirstImage { get; set; }

        [ImageType(24, 32)]
        public MLImage? SecondImage { get; set; }
    }

    private sealed class LabelledRow : PairRow
    {
        [VectorType]
        public float[]? Label { get; set; }
    }

    private sealed class FixedRow : PairRow
    {
        [VectorType(TinyFlow.Height, TinyFlow.Width, 2)]
        public float[]? Label { get; set; }
    }

    private sealed class LabelledPath
    {
        public string First { get; set; } = "";

        public string Second { get; set; } = "";

        [VectorType]
        public float[]? Label { get; set; }
    }
}
