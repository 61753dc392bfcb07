using Microsoft.ML.Data;
using Microsoft.ML.Perceiver.Tests.Heads;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Perceiver.Tests.OpticalFlow;

/// <summary>How the rows of frames reach a training of optical flow: without lying in memory together.</summary>
[TestClass]
public sealed class FlowTrainingRowsTests
{
    private readonly MLContext _context = new(seed: 1);
    private readonly PerceiverFlowGeneratorOptions _frames = new() { Height = TinyFlow.Height, Width = TinyFlow.Width, MaxShift = 2 };

    [TestMethod]
    [DataRow("Take")]
    [DataRow("Skip")]
    [DataRow("Append")]
    [DataRow("Filter")]
    [DataRow("Rename")]
    public void Generated_rows_are_made_again_whatever_stands_between(string step)
    {
        var view = new CountingView(Generated(12));
        IDataView data = step switch
        {
            "Take" => _context.Data.TakeRows(view, 10),
            "Skip" => _context.Data.SkipRows(view, 2),
            "Append" => _context.Transforms.CopyColumns("Truth", "Label").Fit(view).Transform(view),
            "Filter" => _context.Data.FilterByCustomPredicate<Numbered>(view, row => row.Number % 3 == 0),
            _ => _context.Transforms.CopyColumns("Before", "FirstImage").Fit(view).Transform(view),
        };
        long[] numbers = [.. data.GetColumn<long>("Number")];
        var options = Options(o => o.FirstImageColumnName = step == "Rename" ? "Before" : "FirstImage");
        var (train, validation) = new FlowReader(options).Read(data);
        Assert.AreEqual(0, view.FramesRead);
        CollectionAssert.AreEqual(numbers[..train.Count], Numbers(train));
        CollectionAssert.AreEqual(numbers[train.Count..], Numbers(validation));
        Assert.AreEqual((int)Math.Round(numbers.Length * 0.25), validation.Count);
        // The whole way, with a column of flow read by nobody.
        using var transformer = _context.Transforms.PerceiverOpticalFlow(options).Fit(data);
        Assert.HasCount(1, transformer.TrainingResult!.Epochs);
        Assert.AreEqual(0, view.FramesRead);
    }

    [TestMethod]
    public void Where_ML_NET_itself_drops_images_the_missing_column_is_named()
    {
        foreach (var data in (IDataView[])[_context.Data.Cache(Generated(12)), _context.Data.ShuffleRows(Generated(12), seed: 5)])
        {
            var estimator = _context.Transforms.PerceiverOpticalFlow(Options(_ => { }));
            StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => estimator.Fit(data)).Message, "FirstImage");
        }
    }

    [TestMethod]
    [DataRow("FirstImage")]
    [DataRow("SecondImage")]
    public void A_column_that_was_replaced_is_read(string column)
    {
        var view = Generated(4);
        var grey = _context.Transforms.ConvertToGrayscale(column, column).Fit(view).Transform(view);
        var (train, _) = new FlowReader(Options(o => o.Training = o.Training! with { ValidationFraction = 0 })).Read(grey);
        var example = train.Read(2);
        var replaced = column == "FirstImage" ? example.First : example.Second;
        var left = column == "FirstImage" ? example.Second : example.First;
        Assert.IsTrue(IsGrey(replaced));
        Assert.IsFalse(IsGrey(left));
        CollectionAssert.AreEqual(Generator().Generate(2).Flow.Values, example.Flow.Values);
    }

    [TestMethod]
    public void Exchanged_frames_are_read_as_they_are_named()
    {
        var options = Options(o => (o.FirstImageColumnName, o.SecondImageColumnName) = ("SecondImage", "FirstImage"));
        var (train, _) = new FlowReader(options).Read(Generated(8));
        var read = train.Read(0);
        var examples = Enumerable.Range(0, 8).Select(i => Generator().Generate(i));
        var expected = examples.Single(e => e.Flow.Values.SequenceEqual(read.Flow.Values));
        CollectionAssert.AreEqual(expected.Second.Pixels.ToArray(), read.First.Pixels.ToArray());
    }

    [TestMethod]
    public void Rows_of_others_lie_in_a_file_and_not_in_memory()
    {
        const int rows = 600, height = 64, width = 96;
        const long bytes = (long)rows * height * width * (6 + 8);
        long before = GC.GetTotalMemory(forceFullCollection: true), during = 0;
        var options = Options(o => o.Training = o.Training! with
        {
            ValidationFraction = 0,
            Progress = p =>
            {
                during = GC.GetTotalMemory(forceFullCollection: true);
                p.Stop();
            },
        });
        var data = _context.Data.LoadFromEnumerable(Frames(rows, height, width));
        using var transformer = _context.Transforms.PerceiverOpticalFlow(options).Fit(data);
        Assert.IsLessThan(bytes / 4, during - before, $"of {bytes} bytes");
        Assert.IsGreaterThan(0, during);
    }

    [TestMethod]
    public void A_file_gives_back_what_was_added_to_several_threads()
    {
        var generator = Generator();
        var file = new FlowFile();
        var examples = Enumerable.Range(0, 20).Select(i => generator.Generate(i)).Append(Small()).ToArray();
        CollectionAssert.AreEqual(Enumerable.Range(0, 21).ToArray(), examples.Select(e => (int)file.Add(e)).ToArray());
        Parallel.For(0, examples.Length, i =>
        {
            var read = file.Read(i);
            Assert.AreEqual((examples[i].First.Height, examples[i].First.Width), (read.First.Height, read.First.Width));
            CollectionAssert.AreEqual(examples[i].First.Pixels.ToArray(), read.First.Pixels.ToArray());
            CollectionAssert.AreEqual(examples[i].Second.Pixels.ToArray(), read.Second.Pixels.ToArray());
            CollectionAssert.AreEqual(examples[i].Flow.Values, read.Flow.Values);
        });
    }

    private static PerceiverFlowExample Small()
    {
        float[] flow = [.. Enumerable.Range(0, 30).Select(i => i - 7.5f)];
        return new PerceiverFlowExample(TinyFlow.Image(3, 5, 1), TinyFlow.Image(3, 5, 2), new PerceiverFlowField(3, 5, flow));
    }

    private PerceiverFlowGenerator Generator() => new([TinyFlow.Image(80, 90, 2)], _frames);

    private IDataView Generated(int rows)
    {
        using var photograph = TinyFlow.Image(80, 90, 2).ToMLImage();
        return _context.Data.GenerateOpticalFlow([photograph], rows, _frames);
    }

    private static PerceiverOpticalFlowOptions Options(Action<PerceiverOpticalFlowOptions> change)
    {
        var options = new PerceiverOpticalFlowOptions
        {
            Checkpoint = TinyFlow.Checkpoint,
            Training = new PerceiverTrainingOptions { Epochs = 1, BatchSize = 4, LearningRate = 1e-3, ValidationFraction = 0.25 },
        };
        change(options);
        return options;
    }

    private long[] Numbers(PerceiverRows<PerceiverFlowExample> rows)
    {
        var generator = Generator();
        var all = Enumerable.Range(0, 12).Select(i => generator.Generate(i)).ToArray();
        return [.. rows.Select(row => (long)Array.FindIndex(all, example => AreEqual(example, row)))];
    }

    private static bool AreEqual(PerceiverFlowExample a, PerceiverFlowExample b) =>
        a.Flow.Values.SequenceEqual(b.Flow.Values) && a.First.Pixels.Span.SequenceEqual(b.First.Pixels.Span);

    private static bool IsGrey(PerceiverImage image)
    {
        var pixels = image.Pixels.Span;
        int plane = image.Height * image.Width;
        return pixels[..plane].SequenceEqual(pixels[plane..(2 * plane)]) && pixels[..plane].SequenceEqual(pixels[(2 * plane)..]);
    }

    private static IEnumerable<FrameRow> Frames(int rows, int height, int width)
    {
        for (int i = 0; i < rows; i++)
        {
            using var first = TinyFlow.Image(height, width, i).ToMLImage();
            using var second = TinyFlow.Image(height, width, i, 1).ToMLImage();
            yield return new FrameRow { FirstImage = first, SecondImage = second, Label = new float[height * width * 2] };
        }
    }

    private sealed class FrameRow
    {
        [ImageType(64, 96)]
        public MLImage? FirstImage { get; set; }

        [ImageType(64, 96)]
        public MLImage? SecondImage { get; set; }

        [VectorType]
        public float[]? Label { get; set; }
    }

    private sealed class Numbered
    {
        public long Number { get; set; }
    }

    /// <summary>A data view of others' making around one, which counts the frames and flows that are asked for.</summary>
    private sealed class CountingView(IDataView inner) : IDataView
    {
        private int _framesRead;

        internal int FramesRead => _framesRead;

        public DataViewSchema Schema => inner.Schema;

        public bool CanShuffle => inner.CanShuffle;

        public long? GetRowCount() => inner.GetRowCount();

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
            new CountingCursor(inner.GetRowCursor(columnsNeeded, rand), () => Interlocked.Increment(ref _framesRead));

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
            [GetRowCursor(columnsNeeded, rand)];
    }

    private sealed class CountingCursor(DataViewRowCursor inner, Action read) : DataViewRowCursor
    {
        public override DataViewSchema Schema => inner.Schema;

        public override long Position => inner.Position;

        public override long Batch => inner.Batch;

        public override bool MoveNext() => inner.MoveNext();

        public override bool IsColumnActive(DataViewSchema.Column column) => inner.IsColumnActive(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => inner.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            var getter = inner.GetGetter<TValue>(column);
            if (column.Name == "Number")
                return getter;
            return (ref TValue value) =>
            {
                read();
                getter(ref value);
            };
        }
    }
}
