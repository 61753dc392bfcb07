using Microsoft.ML.Data;
using Microsoft.ML.Perceiver.TestHost;
using Microsoft.ML.Perceiver.Tests.Modules;
using TorchSharp;

namespace Microsoft.ML.Perceiver.Tests.TextClassification;

[TestClass]
public sealed class TextClassificationTests
{
    private static readonly PerceiverConfig Config = TinyModels.Config with { InitializerRange = 0.3 };

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Scores_are_those_of_the_bare_model()
    {
        using var scope = torch.NewDisposeScope();
        var checkpoint = PerceiverCheckpoint.FromConfig(Config.WithLabels(["a", "b", "c"]), 3);
        using var transformer = _context.Transforms.PerceiverTextClassification(checkpoint).Fit(Texts("hello", "wörld!"));
        var scores = transformer.Transform(Texts("hello", "wörld!")).GetColumn<float[]>("Score").ToArray();
        using var model = new PerceiverForSequenceClassification(Config.WithLabels(["a", "b", "c"]), seed: 3);
        foreach (var (text, i) in new[] { "hello", "wörld!" }.Select((t, i) => (t, i)))
        {
            var ids = torch.tensor(PerceiverTokenizer.Default.Encode(text).InputIds.Select(id => (long)id).ToArray()).unsqueeze(0);
            float[] expected = model.forward(ids).Logits.softmax(-1).data<float>().ToArray();
            TinyModels.AssertSame(expected, scores[i]);
        }

        CollectionAssert.AreEqual(new[] { "a", "b", "c" }, transformer.Labels.ToArray());
    }

    [TestMethod]
    public void A_trained_model_knows_its_labels_in_their_own_type()
    {
        var data = Learnable(60);
        var pipeline = _context.Transforms.Conversion.MapValueToKey("Key", "Number")
            .Append(_context.MulticlassClassification.Trainers.PerceiverText(
                "Key",
                checkpoint: PerceiverCheckpoint.FromConfig(Config),
                training: new() { Epochs = 12, BatchSize = 8, LearningRate = 3e-3 }))
            .Append(_context.Transforms.Conversion.MapKeyToValue("Predicted", "PredictedLabel"));
        var model = pipeline.Fit(data);
        var scored = model.Transform(data);
        var metrics = _context.MulticlassClassification.Evaluate(scored, "Key");
        Assert.IsGreaterThan(0.9, metrics.MicroAccuracy);
        Assert.AreEqual(NumberDataViewType.Int32, scored.Schema["Predicted"].Type);
        CollectionAssert.IsSubsetOf(scored.GetColumn<int>("Predicted").Distinct().ToArray(), new[] { 17, 42 });
        VBuffer<ReadOnlyMemory<char>> slots = default;
        scored.Schema["Score"].GetSlotNames(ref slots);
        CollectionAssert.AreEquivalent(new[] { "17", "42" }, slots.DenseValues().Select(s => s.ToString()).ToArray());
        model.Dispose();
    }

    [TestMethod]
    public void A_regression_learns_numbers()
    {
        var data = Learnable(80);
        using var model = _context.Regression.Trainers.PerceiverText(
            "Value",
            checkpoint: PerceiverCheckpoint.FromConfig(Config),
            training: new() { Epochs = 25, BatchSize = 8, LearningRate = 3e-3 }).Fit(data);
        Assert.IsGreaterThan(0.8, _context.Regression.Evaluate(model.Transform(data), "Value").RSquared);
        Assert.IsTrue(model.TrainingResult!.Epochs[0].ValidationMetrics!.ContainsKey("RSquared"));
    }

    [TestMethod]
    [DataRow(PerceiverPrecision.Float32)]
    [DataRow(PerceiverPrecision.Int8)]
    public void Several_labels_are_learnt_at_once(PerceiverPrecision precision)
    {
        var data = Learnable(80);
        using var model = _context.Transforms.PerceiverTextClassification(new PerceiverTextClassificationOptions
        {
            Checkpoint = PerceiverCheckpoint.FromConfig(Config),
            LabelColumnName = "Both",
            Precision = precision,
            Training = new() { Epochs = 25, BatchSize = 8, LearningRate = 3e-3 },
        }).Fit(data);
        var rows = model.Transform(data);
        int right = rows.GetColumn<float[]>("Both").Zip(rows.GetColumn<bool[]>("PredictedLabel"))
            .Count(r => r.First.Select(v => v > 0.5f).SequenceEqual(r.Second));
        Assert.IsGreaterThan(70, right);
        using var folder = new TemporaryFolder();
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => model.SavePretrained(folder.Path, PerceiverPrecision.Int8));
    }

    [TestMethod]
    public void Prediction_engines_share_one_copy_of_the_weights()
    {
        using var transformer = _context.Transforms.PerceiverTextClassification(PerceiverCheckpoint.FromConfig(Config, 3)).Fit(Texts("a"));
        float[] expected = transformer.Transform(Texts("hello")).GetColumn<float[]>("Score").First();
        long before = TinyModels.TensorsBefore();
        var options = new PredictionEngineOptions { OwnsTransformer = false };
        var engines = Enumerable.Range(0, 4).Select(_ => _context.Model.CreatePredictionEngine<TextRow, Prediction>(transformer, options))
            .ToArray();
        Assert.AreEqual(before, torch.Tensor.TotalCount);
        Parallel.ForEach(engines, engine =>
        {
            for (int i = 0; i < 20; i++)
                Modules.TinyModels.AssertSame(expected, engine.Predict(new TextRow { Text = "hello" }).Score);
        });
        foreach (var engine in engines)
            engine.Dispose();
        Modules.TinyModels.AssertSame(expected, transformer.Transform(Texts("hello")).GetColumn<float[]>("Score").First());
    }

    [TestMethod]
    public void A_bfloat16_model_stays_one_through_a_file_and_near_the_float32_one()
    {
        var checkpoint = PerceiverCheckpoint.FromConfig(Config, 3);
        using var exact = _context.Transforms.PerceiverTextClassification(checkpoint).Fit(Texts("a"));
        var half = _context.Transforms.PerceiverTextClassification(
            new PerceiverTextClassificationOptions { Checkpoint = checkpoint, Precision = PerceiverPrecision.BFloat16 }).Fit(Texts("a"));
        using var folder = new TemporaryFolder();
        string path = folder["model.zip"];
        _context.Model.Save(half, Texts("a").Schema, path);
        half.Dispose();
        using var loaded = (PerceiverTextClassificationTransformer)_context.Model.Load(path, out _);
        Assert.IsTrue(loaded.Model.parameters().All(p => p.dtype == torch.ScalarType.BFloat16));
        AssertWithinNoise(exact, loaded, PerceiverPrecision.BFloat16);
        loaded.Dispose();
    }

    [TestMethod]
    public void An_int8_model_stays_one_through_a_file_and_near_the_float32_one()
    {
        var checkpoint = PerceiverCheckpoint.FromConfig(Config, 3);
        using var exact = _context.Transforms.PerceiverTextClassification(checkpoint).Fit(Texts("a"));
        using var rounded = _context.Transforms.PerceiverTextClassification(
            new PerceiverTextClassificationOptions { Checkpoint = checkpoint, Precision = PerceiverPrecision.Int8 }).Fit(Texts("a"));
        using var folder = new TemporaryFolder();
        string path = folder["model.zip"];
        _context.Model.Save(rounded, Texts("a").Schema, path);
        using var loaded = (PerceiverTextClassificationTransformer)_context.Model.Load(path, out _);
        // The file's floats lie elsewhere in memory, which may change the rounding of the products that stay in floats: those of the last
        // layer.
        TinyModels.AssertSame(Scores(rounded), Scores(loaded));
        Assert.IsGreaterThan(10 * TinyModels.Rounding, TinyModels.MaxDifference(Scores(exact), Scores(rounded)), "It computes in floats.");
        AssertWithinNoise(exact, rounded, PerceiverPrecision.Int8);
        File.Delete(path);
    }

    [TestMethod]
    public void A_text_that_cannot_be_read_fails_with_its_row()
    {
        const string text = "a lone \uD800";
        using var transformer = _context.Transforms.PerceiverTextClassification(PerceiverCheckpoint.FromConfig(Config)).Fit(Texts("a"));
        var error = Assert.ThrowsExactly<InvalidOperationException>(
            () => transformer.Transform(Texts("fine", "fine", text)).GetColumn<float[]>("Score").ToArray());
        StringAssert.StartsWith(error.Message, "Row 2: the text in the column 'Text'");
        StringAssert.Contains(error.Message, "valid Unicode");
        var training = _context.MulticlassClassification.Trainers.PerceiverText("Key", checkpoint: PerceiverCheckpoint.FromConfig(Config));
        StringAssert.StartsWith(
            Assert.ThrowsExactly<InvalidOperationException>(() => training.Fit(Keyed("fine", text))).Message, "Row 1:");
    }

    [TestMethod]
    public void A_long_text_is_cut_or_refused_as_the_option_says()
    {
        string text = new('é', 30);
        var options = new PerceiverTextClassificationOptions { Checkpoint = PerceiverCheckpoint.FromConfig(Config) };
        using var cutting = _context.Transforms.PerceiverTextClassification(options).Fit(Texts("a"));
        var scores = cutting.Transform(Texts(text, text[..19])).GetColumn<float[]>("Score").ToArray();
        Modules.TinyModels.AssertSame(scores[1], scores[0]);

        options.LongText = PerceiverLongTextHandling.Refuse;
        using var refusing = _context.Transforms.PerceiverTextClassification(options).Fit(Texts("a"));
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidOperationException>(
                () => refusing.Transform(Texts("a", text)).GetColumn<float[]>("Score").ToArray()).Message,
            "Row 1: the text in the column 'Text' has more than the 40 tokens");
        options.MaxLength = 41;
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Transforms.PerceiverTextClassification(options).Fit(Texts("a")));
    }

    [TestMethod]
    public void A_label_never_seen_fails_with_its_row()
    {
        var mapping = _context.Transforms.Conversion.MapValueToKey("Key", "Label").Fit(Labelled(("a", "x"), ("b", "y")));
        var data = mapping.Transform(Labelled(("a", "x"), ("b", "y"), ("c", "never seen")));
        var error = Assert.ThrowsExactly<InvalidOperationException>(() =>
            _context.MulticlassClassification.Trainers.PerceiverText("Key", checkpoint: PerceiverCheckpoint.FromConfig(Config)).Fit(data));
        StringAssert.StartsWith(error.Message, "Row 2: the label in the column 'Key' is missing");
    }

    [TestMethod]
    public void The_trainer_trains_as_the_preset_says()
    {
        // So few rows that none is left for validation, where the preset's metric is not asked for.
        var data = Keyed("a", "b");
        var trainers = _context.MulticlassClassification.Trainers;
        using var byDefault = trainers.PerceiverText("Key", checkpoint: PerceiverCheckpoint.FromConfig(Config)).Fit(data);
        Assert.HasCount(PerceiverPresets.TextTraining.Epochs, byDefault.TrainingResult!.Epochs);

        var preset = PerceiverPresets.TextTraining with { MonitorMetric = null };
        using var named = trainers.PerceiverText("Key", checkpoint: PerceiverCheckpoint.FromConfig(Config), training: preset).Fit(data);
        float[][] scores = [.. byDefault.Transform(data).GetColumn<float[]>("Score")];
        float[][] expected = [.. named.Transform(data).GetColumn<float[]>("Score")];
        CollectionAssert.AreEqual(expected.SelectMany(s => s).ToArray(), scores.SelectMany(s => s).ToArray());

        var withMetric = trainers.PerceiverText(
            "Key", checkpoint: PerceiverCheckpoint.FromConfig(Config), training: PerceiverPresets.TextTraining);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => withMetric.Fit(data)).Message, "MonitorMetric");
    }

    [TestMethod]
    public void A_validation_set_with_other_labels_is_refused()
    {
        var trainer = _context.MulticlassClassification.Trainers.PerceiverText(
            "Key", checkpoint: PerceiverCheckpoint.FromConfig(Config), validationSet: Keyed("b", "a", "c"));
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => trainer.Fit(Keyed("a", "b"))).Message, "validation set");
    }

    [TestMethod]
    public void Bad_options_are_refused_by_name()
    {
        void Refused<TException>(string name, Action<PerceiverTextClassificationOptions> change)
            where TException : ArgumentException
        {
            var options = new PerceiverTextClassificationOptions { Checkpoint = PerceiverCheckpoint.FromConfig(Config) };
            change(options);
            Assert.AreEqual(
                name, Assert.ThrowsExactly<TException>(() => _context.Transforms.PerceiverTextClassification(options)).ParamName);
        }

        Refused<ArgumentOutOfRangeException>("BatchSize", o => o.BatchSize = 0);
        Refused<ArgumentOutOfRangeException>("MaxLength", o => o.MaxLength = 1);
        Refused<ArgumentOutOfRangeException>("MaxMemoryBytes", o => o.MaxMemoryBytes = 0);
        Refused<ArgumentOutOfRangeException>("Device", o => o.Device = "tpu");
        Refused<ArgumentException>("TextColumnName", o => o.TextColumnName = "");
        Refused<ArgumentException>("ScoreColumnName", o => o.ScoreColumnName = "");
        Refused<ArgumentException>("Checkpoint", o => o.Checkpoint = null);
        Refused<ArgumentOutOfRangeException>("Epochs", o => o.Training = new() { Epochs = 0 });
        Refused<ArgumentOutOfRangeException>("LearningRate", o => o.Training = new() { LearningRate = double.NaN });
    }

    [TestMethod]
    public void Options_belong_to_their_maker()
    {
        var options = new PerceiverTextClassificationOptions { Checkpoint = PerceiverCheckpoint.FromConfig(Config) };
        var trainer = _context.MulticlassClassification.Trainers.PerceiverText(options);
        Assert.IsNull(options.Training);
        options.TextColumnName = "Other";
        var data = _context.Transforms.CopyColumns("Label", "Key").Fit(Keyed("a", "b")).Transform(Keyed("a", "b"));
        Assert.IsTrue(trainer.GetOutputSchema(SchemaShape.Create(data.Schema)).Any(c => c.Name == "Score"));
    }

    [TestMethod]
    public void The_contexts_device_is_honoured()
    {
        var context = new MLContext { GpuDeviceId = 7, FallbackToCpu = false };
        var estimator = context.Transforms.PerceiverTextClassification(PerceiverCheckpoint.FromConfig(Config));
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => estimator.Fit(Texts("a"))).Message, "GPU 7");
        context.FallbackToCpu = true;
        context.Transforms.PerceiverTextClassification(PerceiverCheckpoint.FromConfig(Config)).Fit(Texts("a")).Dispose();
        var named = context.Transforms.PerceiverTextClassification(
            new PerceiverTextClassificationOptions { Checkpoint = PerceiverCheckpoint.FromConfig(Config), Device = "cuda:9" });
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => named.Fit(Texts("a"))).Message, "GPU 9");
    }

    [TestMethod]
    public void A_damaged_model_file_is_a_format_error()
    {
        using var folder = new TemporaryFolder();
        string path = folder["m.zip"], damaged = folder["damaged.zip"];
        using (var transformer = _context.Transforms.PerceiverTextClassification(PerceiverCheckpoint.FromConfig(Config)).Fit(Texts("a")))
            _context.Model.Save(transformer, Texts("a").Schema, path);
        foreach (var (entry, damage) in new (string, Func<byte[], byte[]>)[]
        {
            ("model.safetensors", b => b[..^10]),
            ("model.safetensors", b => b[..5]),
            ("config.json", b => b[..^10]),
            ("Settings.json", _ => "null"u8.ToArray()),
        })
        {
            File.Copy(path, damaged, overwrite: true);
            using (var zip = System.IO.Compression.ZipFile.Open(damaged, System.IO.Compression.ZipArchiveMode.Update))
            {
                var found = zip.Entries.First(e => e.FullName.EndsWith(entry, StringComparison.Ordinal));
                string name = found.FullName;
                using var content = new MemoryStream();
                using (var stream = found.Open())
                    stream.CopyTo(content);
                found.Delete();
                using var changed = zip.CreateEntry(name).Open();
                changed.Write(damage(content.ToArray()));
            }

            Exception? error = Assert.Throws<Exception>(() => _context.Model.Load(damaged, out _), entry);
            while (error is not null and not FormatException)
                error = error.InnerException;
            Assert.IsNotNull(error, entry);
        }
    }

    [TestMethod]
    public void A_model_that_cannot_be_written_leaves_the_transformer_whole()
    {
        using var transformer = _context.Transforms.PerceiverTextClassification(PerceiverCheckpoint.FromConfig(Config)).Fit(Texts("a"));
        Assert.Throws<IOException>(() => _context.Model.Save(transformer, Texts("a").Schema, "/no/such/folder/model.zip"));
        Assert.HasCount(1, RowDump.Lines(transformer.Transform(Texts("a")), "Score").ToArray());
    }

    /// <summary>Asserts that scores of many texts are as near to float32's as the precision's rounding allows.</summary>
    private void AssertWithinNoise(
        PerceiverTextClassificationTransformer exact, PerceiverTextClassificationTransformer reduced, PerceiverPrecision precision) =>
        Assert.IsLessThan(
            RoundingNoise.Of(exact.Model, precision, () => Scores(exact)), RoundingNoise.RootMeanSquare(Scores(exact), Scores(reduced)));

    /// <summary>The scores of texts of all lengths, [texts, labels].</summary>
    private torch.Tensor Scores(PerceiverTextClassificationTransformer transformer)
    {
        var random = new Random(5);
        string[] texts = [.. Enumerable.Range(0, 60).Select(
            i => new string([.. Enumerable.Range(0, 1 + i % 30).Select(_ => (char)random.Next('a', 'z' + 1))]))];
        float[][] scores = [.. transformer.Transform(Texts(texts)).GetColumn<float[]>("Score")];
        return torch.tensor(scores.SelectMany(s => s).ToArray(), [scores.Length, scores[0].Length]);
    }

    private IDataView Texts(params string[] texts) => _context.Data.LoadFromEnumerable(texts.Select(t => new TextRow { Text = t }));

    private IDataView Labelled(params (string Text, string Label)[] rows) =>
        _context.Data.LoadFromEnumerable(rows.Select(r => new LabelledRow { Text = r.Text, Label = r.Label }));

    private IDataView Keyed(params string[] texts)
    {
        var data = Labelled(texts.Select((t, i) => (t, $"{t} label {i}")).ToArray());
        return _context.Transforms.Conversion.MapValueToKey("Key", "Label").Fit(data).Transform(data);
    }

    /// <summary>Texts whose letter tells everything there is to know.</summary>
    private IDataView Learnable(int count)
    {
        var random = new Random(5);
        return _context.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(_ =>
        {
            bool first = random.Next(2) == 0;
            return new LearnableRow
            {
                Text = new string(first ? 'a' : 'z', random.Next(3, 30)),
                Number = first ? 17 : 42,
                Value = first ? -1 : 1,
                Both = first ? [1, 0] : [0, 1],
            };
        }).ToArray());
    }

    private sealed class TextRow
    {
        public string Text { get; set; } = "";
    }

    private sealed class LabelledRow
    {
        public string Text { get; set; } = "";

        public string Label { get; set; } = "";
    }

    private sealed class LearnableRow
    {
        public string Text { get; set; } = "";

        public int Number { get; set; }

        public float Value { get; set; }

        [VectorType(2)]
        public float[] Both { get; set; } = [];
    }

    private sealed class Prediction
    {
        public float[] Score { get; set; } = [];
    }
}
