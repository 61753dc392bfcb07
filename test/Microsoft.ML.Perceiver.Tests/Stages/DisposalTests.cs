using Microsoft.ML.Data;
using Microsoft.ML.Perceiver.TestHost;
using Microsoft.ML.Perceiver.Tests.Heads;
using Microsoft.ML.Perceiver.Tests.ImageClassification;
using Microsoft.ML.Perceiver.Tests.Modules;
using Microsoft.ML.Perceiver.Tests.Multimodal;

namespace Microsoft.ML.Perceiver.Tests.Stages;

/// <summary>A model that is disposed while it is used: whoever uses it gets a result or an exception, and the process goes on.</summary>
[TestClass]
public sealed class DisposalTests
{
    private const int Threads = 4;
    private const int Rounds = 8;

    private static readonly PerceiverConfig Text = TinyModels.Config with { InitializerRange = 0.3 };

    private static readonly MLContext Context = new(seed: 1);

    [TestMethod]
    public void Text_classification() => DisposeUnderLoad(
        Context.Transforms.PerceiverTextClassification(PerceiverCheckpoint.FromConfig(Text.WithLabels(["a", "b"]), 3)), Texts(), "Score");

    [TestMethod]
    public void Text_classification_behind_other_stages() => DisposeUnderLoad(
        Context.Transforms.CopyColumns("Copy", "Text")
            .Append(Context.Transforms.PerceiverTextClassification(PerceiverCheckpoint.FromConfig(Text.WithLabels(["a", "b"]), 3)))
            .Append(Context.Transforms.CopyColumns("Result", "Score")),
        Texts(),
        "Result");

    [TestMethod]
    [DataRow(PerceiverFillMaskDecoding.OneShot)]
    [DataRow(PerceiverFillMaskDecoding.LeftToRight)]
    public void Fill_mask(PerceiverFillMaskDecoding decoding) => DisposeUnderLoad(
        Context.Transforms.PerceiverFillMask(PerceiverCheckpoint.FromConfig(Text, 3), topK: 2, decoding: decoding),
        Texts(),
        "FilledText");

    [TestMethod]
    public void Token_classification() => DisposeUnderLoad(
        Context.Transforms.PerceiverTokenClassification(PerceiverCheckpoint.FromConfig(Text.WithLabels(["a", "b"]), 3)),
        Texts(),
        "Score");

    [TestMethod]
    public void Question_answering() => DisposeUnderLoad(
        Context.Transforms.PerceiverQuestionAnswering(PerceiverCheckpoint.FromConfig(Text, 3), "Text", "Text"), Texts(), "Score");

    [TestMethod]
    public void Sentence_embedding() => DisposeUnderLoad(
        Context.Transforms.PerceiverSentenceEmbedding(PerceiverCheckpoint.FromConfig(Text, 3)), Texts(), "Embedding");

    [TestMethod]
    public void Text_features_in_8_bit_integers() => DisposeUnderLoad(
        Context.Transforms.PerceiverFeatures(new PerceiverFeaturesOptions
        {
            Checkpoint = PerceiverCheckpoint.FromConfig(Text, 3),
            Precision = PerceiverPrecision.Int8,
        }),
        Texts(),
        "Features");

    [TestMethod]
    public void Image_classification() => DisposeUnderLoad(
        Context.Transforms.PerceiverImageClassification(TinyImages.Checkpoint(), "Pixels"),
        Context.Data.LoadFromEnumerable(TinyImages.Rows(6)),
        "Score");

    [TestMethod]
    public void Object_detection() => DisposeUnderLoad(
        Context.Transforms.PerceiverObjectDetection(
            PerceiverCheckpoint.FromConfig(
                TinyImages.Config() with { Architectures = [nameof(PerceiverForObjectDetection)], NumQueries = 4 }, 3),
            "Pixels",
            scoreThreshold: 0),
        Context.Data.LoadFromEnumerable(TinyImages.Rows(6)),
        "Score");

    [TestMethod]
    public void Optical_flow() => DisposeUnderLoad(
        Context.Transforms.LoadImages("FirstImage", imageFolder: null, "Path")
            .Append(Context.Transforms.LoadImages("SecondImage", imageFolder: null, "Path"))
            .Append(Context.Transforms.PerceiverOpticalFlow(TinyFlow.Checkpoint)),
        Context.Data.LoadFromEnumerable([new TinyImages.PathRow { Path = TinyImages.File("grey.jpg") }]),
        "Flow");

    // What a reader asks for is decoded when it is read, after the row was scored.
    [TestMethod]
    public void A_multimodal_autoencoder() => DisposeUnderLoad(
        Context.Transforms.PerceiverMultimodal(TinyClips.Checkpoint),
        Context.Data.LoadFromEnumerable(TinyClips.Rows(3)),
        "ReconstructedFrames");

    [TestMethod]
    public void The_last_user_releases_the_memory()
    {
        using var transformer = TextClassifier();
        var weights = transformer.Model.parameters().ToArray();
        using var cursor = transformer.Transform(Texts()).GetRowCursor(transformer.GetOutputSchema(Texts().Schema));
        Assert.IsTrue(cursor.MoveNext());
        transformer.Dispose();
        // The cursor has what was scored, and holds nothing of the model.
        Assert.AreNotEqual("", RowDump.Reader(cursor, cursor.Schema["Score"])());
        Assert.IsTrue(weights.All(w => w.IsInvalid));
        using var folder = new TemporaryFolder();
        Assert.ThrowsExactly<ObjectDisposedException>(() => transformer.SavePretrained(folder.Path));
        Assert.ThrowsExactly<ObjectDisposedException>(() => Context.Model.Save(transformer, Texts().Schema, folder["model.zip"]));
    }

    [TestMethod]
    public void A_model_is_kept_until_its_last_use_has_ended()
    {
        int released = 0;
        var access = new ModelAccess(this, () => released++);
        var first = access.Enter();
        var second = access.Enter();
        access.Close();
        access.Close();
        Assert.ThrowsExactly<ObjectDisposedException>(() => access.Enter());
        first.Dispose();
        Assert.AreEqual(0, released);
        second.Dispose();
        Assert.AreEqual(1, released);
    }

    private static PerceiverTextClassificationTransformer TextClassifier() =>
        Context.Transforms.PerceiverTextClassification(PerceiverCheckpoint.FromConfig(Text.WithLabels(["a", "b"]), 3)).Fit(Texts());

    private static void DisposeUnderLoad(IEstimator<ITransformer> estimator, IDataView data, string output)
    {
        string[] expected = [];
        for (int round = 0; round < Rounds; round++)
        {
            var transformer = estimator.Fit(data);
            if (round == 0)
                expected = [.. RowDump.Lines(transformer.Transform(data), output)];
            using var begun = new CountdownEvent(Threads);
            var threads = Enumerable.Range(0, Threads)
                .Select(i => Task.Factory.StartNew(
                    () => UseUntilDisposed(transformer, data, output, expected, way: i, begun), TaskCreationOptions.LongRunning))
                .ToArray();
            begun.Wait();
            // At another moment of a forward pass each time.
            Thread.SpinWait(round * 40_000);
            ((IDisposable)transformer).Dispose();
            Task.WaitAll(threads);
        }
    }

    private static void UseUntilDisposed(
        ITransformer transformer, IDataView data, string output, string[] expected, int way, CountdownEvent begun)
    {
        bool isDisposed = false;
        var view = transformer.Transform(data);
        var mapper = transformer.GetRowToRowMapper(data.Schema);
        using var folder = new TemporaryFolder();
        begun.Signal();
        while (!isDisposed)
        {
            try
            {
                switch (way)
                {
                    case 0:
                        EstimatorCheck.AssertSame(expected, [.. RowDump.Lines(view, output)], "a data view");
                        break;
                    case 1:
                        EstimatorCheck.AssertSame(expected, [.. RowDump.Lines(transformer.Transform(data), output)], "a new data view");
                        break;
                    case 2:
                        EstimatorCheck.AssertSame(expected, RowByRow(mapper, data, output), "row by row");
                        break;
                    default:
                        Context.Model.Save(transformer, data.Schema, folder["model.zip"]);
                        break;
                }
            }
            // Where ML.NET reads rows in threads of its own, the exception comes wrapped.
            catch (Exception e) when (e.GetBaseException() is ObjectDisposedException)
            {
                isDisposed = true;
            }
        }
    }

    private static string[] RowByRow(IRowToRowMapper mapper, IDataView data, string output)
    {
        var column = mapper.OutputSchema[output];
        using var cursor = data.GetRowCursor(mapper.GetDependencies([column]));
        using var row = mapper.GetRow(cursor, [column]);
        var read = RowDump.Reader(row, column);
        var lines = new List<string>();
        while (cursor.MoveNext())
            lines.Add(read());
        return [.. lines];
    }

    private static IDataView Texts() => Context.Data.LoadFromEnumerable(
        Enumerable.Range(0, 6).Select(i => new TextRow { Text = $"text [MASK] {new string('x', i)}" }));

    internal sealed class TextRow
    {
        public string Text { get; set; } = "";
    }
}
