using System.Collections;
using Microsoft.ML.Data;
using Microsoft.ML.Perceiver.Tests.Heads;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Perceiver.Tests.Stages.Batching;

/// <summary>Sources that can be read once, as films and streams, whose images pass through a stage.</summary>
[TestClass]
public sealed class OnePassImageTests
{
    private const int Rows = 9, Height = 30, Width = 40;
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    [DataRow(1)]
    [DataRow(4)]
    [DataRow(20)]
    public void Images_are_those_of_their_row_though_the_source_releases_them(int window)
    {
        var source = new OnePass<TextRow>(TextRows());
        var view = new CountingStage(window).Transform(_context.Data.LoadFromEnumerable(source), new ModelAccess(this, () => { }));
        using var cursor = view.GetRowCursor(view.Schema);
        var image = cursor.GetGetter<MLImage>(view.Schema["Image"]);
        var length = cursor.GetGetter<int>(view.Schema["Length"]);
        int row = 0, found = 0;
        for (; cursor.MoveNext(); row++)
        {
            MLImage value = null!;
            image(ref value);
            length(ref found);
            Assert.AreEqual(row + 1, found);
            Assert.AreEqual((byte)row, value.ToPerceiverImage().Pixels.Span[0]);
            Assert.AreEqual(MLPixelFormat.Rgba32, value.PixelFormat);
            Assert.AreEqual($"row {row}", value.Tag);
            // Many of ML.NET's stages dispose what they have read; another reader's image is another.
            value.Dispose();
            MLImage again = null!;
            image(ref again);
            Assert.AreEqual((byte)row, again.ToPerceiverImage().Pixels.Span[0]);
        }

        Assert.AreEqual(Rows, row);
        Assert.AreEqual(1, source.Passes);
    }

    [TestMethod]
    public void Images_of_rows_that_are_kept_stay_what_they_were()
    {
        var data = _context.Data.LoadFromEnumerable(new OnePass<TextRow>(TextRows()));
        var view = new CountingStage(2).Transform(data, new ModelAccess(this, () => { }));
        var rows = _context.Data.CreateEnumerable<ScoredRow>(view, reuseRowObject: false).ToArray();
        CollectionAssert.AreEqual(
            Enumerable.Range(0, Rows).Select(i => (byte)i).ToArray(),
            rows.Select(r => r.Image!.ToPerceiverImage().Pixels.Span[0]).ToArray());
    }

    [TestMethod]
    public void A_missing_image_that_no_stage_reads_passes_through()
    {
        var data = _context.Data.LoadFromEnumerable([new TextRow { Text = "a" }, new TextRow { Text = "b" }]);
        var view = new CountingStage(2).Transform(data, new ModelAccess(this, () => { }));
        Assert.IsTrue(_context.Data.CreateEnumerable<ScoredRow>(view, reuseRowObject: false).All(r => r.Image is null));
    }

    [TestMethod]
    public void A_released_image_is_its_row_s_error()
    {
        var rows = TextRows().Take(3).Select(r => r).ToArray();
        foreach (var row in rows)
            row.Image = Painted(1);
        rows[2].Image!.Dispose();
        var view = new CountingStage(2).Transform(_context.Data.LoadFromEnumerable(rows), new ModelAccess(this, () => { }));
        var error = Assert.ThrowsExactly<InvalidOperationException>(
            () => _context.Data.CreateEnumerable<ScoredRow>(view, reuseRowObject: false).ToArray());
        StringAssert.StartsWith(error.Message, "Row 2: the image in the column 'Image' cannot be read:");
    }

    [TestMethod]
    public void The_frames_of_a_film_stay_with_the_flow_between_them()
    {
        var source = new OnePass<FramesRow>(FrameRows());
        var data = _context.Data.LoadFromEnumerable(source);
        using var transformer = _context.Transforms.PerceiverOpticalFlow(TinyFlow.Checkpoint)
            .Fit(_context.Data.LoadFromEnumerable(Array.Empty<FramesRow>()));
        using var model = TinyFlow.Model();
        var predictor = new PerceiverOpticalFlowPredictor(model);
        var scored = transformer.Transform(data);
        using var cursor = scored.GetRowCursor(scored.Schema);
        var first = cursor.GetGetter<MLImage>(scored.Schema["FirstImage"]);
        var flow = cursor.GetGetter<VBuffer<float>>(scored.Schema["Flow"]);
        MLImage frame = null!;
        VBuffer<float> motions = default;
        int row = 0;
        for (; cursor.MoveNext(); row++)
        {
            first(ref frame);
            flow(ref motions);
            CollectionAssert.AreEqual(TinyFlow.Image(Height, Width, row).ToPlanes(), frame.ToPerceiverImage().ToPlanes(), $"row {row}");
            var expected = predictor.Predict(TinyFlow.Image(Height, Width, row), TinyFlow.Image(Height, Width, row + 1));
            Modules.TinyModels.AssertSame(expected.Values, motions.DenseValues().ToArray());
        }

        Assert.AreEqual(Rows, row);
        Assert.AreEqual(1, source.Passes);
    }

    private static IEnumerable<TextRow> TextRows()
    {
        for (int i = 0; i < Rows; i++)
        {
            using var image = Painted((byte)i);
            image.Tag = $"row {i}";
            yield return new TextRow { Text = new string('x', i + 1), Image = image };
        }
    }

    private static MLImage Painted(byte value) => MLImage.CreateFromPixels(1, 1, MLPixelFormat.Rgba32, [value, 0, 0, 255]);

    private static IEnumerable<FramesRow> FrameRows()
    {
        for (int i = 0; i < Rows; i++)
        {
            using var first = TinyFlow.Image(Height, Width, i).ToMLImage();
            using var second = TinyFlow.Image(Height, Width, i + 1).ToMLImage();
            yield return new FramesRow { FirstImage = first, SecondImage = second };
        }
    }

    /// <summary>Rows that can be read once; it counts how often they were asked for.</summary>
    private sealed class OnePass<T>(IEnumerable<T> rows) : IEnumerable<T>
    {
        private readonly IEnumerator<T> _rows = rows.GetEnumerator();

        internal int Passes { get; private set; }

        public IEnumerator<T> GetEnumerator()
        {
            Passes++;
            return _rows;
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private sealed class TextRow
    {
        public string Text { get; set; } = "";

        [ImageType(1, 1)]
        public MLImage? Image { get; set; }
    }

    private sealed class ScoredRow
    {
        public int Length { get; set; }

        [ImageType(1, 1)]
        public MLImage? Image { get; set; }
    }

    private sealed class FramesRow
    {
        [ImageType(Height, Width)]
        public MLImage? FirstImage { get; set; }

        [ImageType(Height, Width)]
        public MLImage? SecondImage { get; set; }
    }
}
