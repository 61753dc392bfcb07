using Microsoft.ML.Data;
using Microsoft.ML.Perceiver.TestHost;

namespace Microsoft.ML.Perceiver.Tests.Stages.Batching;

/// <summary>The data view that scores rows together.</summary>
[TestClass]
public sealed class BatchDataViewTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Ten_rows_in_windows_of_four_are_three_passes()
    {
        var stage = new CountingStage(4);
        var view = View(Rows(10), stage);
        CollectionAssert.AreEqual(Enumerable.Range(1, 10).Select(i => $"{i}").ToArray(), RowDump.Lines(view, "Length").ToArray());
        CollectionAssert.AreEqual(new[] { 4, 4, 2 }, stage.Calls);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(4)]
    [DataRow(5)]
    [DataRow(8)]
    public void Any_number_of_rows_comes_through(int count)
    {
        var view = View(Rows(count), new CountingStage(4));
        Assert.HasCount(count, RowDump.Lines(view, "Length", "Id").ToArray());
    }

    [TestMethod]
    public void Nothing_is_scored_while_no_new_column_is_wanted()
    {
        var stage = new CountingStage(4);
        var view = View(Rows(10), stage);
        Assert.HasCount(10, RowDump.Lines(view, "Id").ToArray());
        _ = view.GetRowCount();
        _ = view.Preview(0);
        Assert.IsEmpty(stage.Calls);
    }

    [TestMethod]
    public void What_comes_before_is_evaluated_once_a_row()
    {
        int evaluated = 0;
        var source = _context.Transforms.CustomMapping<Row, Mapped>(
            (from, to) =>
            {
                Interlocked.Increment(ref evaluated);
                to.Mark = from.Id;
            },
            contractName: null).Fit(Rows(0)).Transform(Rows(10));
        var view = View(source, new CountingStage(4));
        Assert.HasCount(10, RowDump.Lines(view, "Mark", "Length", "Text", "Id").ToArray());
        Assert.AreEqual(10, evaluated);
    }

    [TestMethod]
    public void Values_that_pass_through_are_those_of_their_row()
    {
        var data = _context.Data.LoadFromEnumerable(Enumerable.Range(0, 9).Select(i => new Rich
        {
            Text = new string('x', i + 1),
            Number = i,
            Vector = Enumerable.Range(0, i).Select(j => (float)j).ToArray(),
            Words = [$"w{i}", $"v{i}"],
            Date = new DateTime(2026, 1, 1 + i, 0, 0, 0, DateTimeKind.Utc),
            Flag = i % 2 == 0,
        }));
        string[] columns = ["Number", "Vector", "Words", "Date", "Flag"];
        CollectionAssert.AreEqual(
            RowDump.Lines(data, columns).ToArray(),
            RowDump.Lines(View(data, new CountingStage(4)), [.. columns, "Length"]).Select(l => l[..l.LastIndexOf('\t')]).ToArray());
    }

    [TestMethod]
    public void Objects_of_any_type_are_kept_with_their_row()
    {
        var custom = _context.Transforms.CustomMapping<Row, WithOwner>(
            (from, to) => to.Owner = new Owner { Id = from.Id }, contractName: null);
        var view = View(custom.Fit(Rows(0)).Transform(Rows(9)), new CountingStage(4));
        using var cursor = view.GetRowCursor([view.Schema["Owner"], view.Schema["Length"]]);
        var owner = cursor.GetGetter<Owner>(view.Schema["Owner"]);
        Owner value = null!;
        for (int i = 0; cursor.MoveNext(); i++)
        {
            owner(ref value);
            Assert.AreEqual(i, value.Id);
        }
    }

    [TestMethod]
    public void An_output_hides_the_column_whose_name_it_has()
    {
        var view = View(Rows(2), new CountingStage(4));
        CollectionAssert.AreEqual(new[] { "X", "XX" }, RowDump.Lines(view, "Text").ToArray());
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("bad")]
    public void A_bad_row_fails_with_its_number(string text)
    {
        var rows = Enumerable.Range(0, 10).Select(i => new Row { Id = i, Text = i == 6 ? text : "good" });
        var view = View(_context.Data.LoadFromEnumerable(rows), new CountingStage(4));
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => RowDump.Lines(view, "Length").ToArray());
        StringAssert.StartsWith(error.Message, "Row 6: the text is");
        Assert.AreSame(error, error.GetBaseException());
    }

    [TestMethod]
    public void Row_ids_are_those_of_the_source()
    {
        var source = Rows(9);
        var view = View(source, new CountingStage(4));
        using var expected = source.GetRowCursor(source.Schema);
        using var actual = view.GetRowCursor(view.Schema);
        var expectedId = expected.GetIdGetter();
        var actualId = actual.GetIdGetter();
        DataViewRowId a = default, b = default;
        while (expected.MoveNext() && actual.MoveNext())
        {
            expectedId(ref a);
            actualId(ref b);
            Assert.AreEqual(a, b);
        }
    }

    [TestMethod]
    public void A_getter_of_the_wrong_type_or_before_the_first_row_is_refused()
    {
        var view = View(Rows(3), new CountingStage(4));
        using var cursor = view.GetRowCursor(view.Schema);
        Assert.ThrowsExactly<ArgumentException>(() => cursor.GetGetter<float>(view.Schema["Length"]));
        var getter = cursor.GetGetter<int>(view.Schema["Length"]);
        int value = 0;
        Assert.ThrowsExactly<InvalidOperationException>(() => getter(ref value));
    }

    [TestMethod]
    public void Texts_of_like_length_go_together_and_come_back_in_order()
    {
        int[][] window = new[] { 3, 50, 4, 51, 5, 49 }.Select(n => new int[n]).ToArray();
        var batches = new List<int[]>();
        int[] results = LengthBatches.Run(window, text => text.Length, batchSize: 3, tokenBudget: long.MaxValue, batch =>
        {
            batches.Add(batch.Select(t => t.Length).ToArray());
            return batch.Select(t => t.Length).ToArray();
        });
        CollectionAssert.AreEqual(new[] { 3, 50, 4, 51, 5, 49 }, results);
        CollectionAssert.AreEqual(new[] { 51, 50, 49 }, batches[0]);
        CollectionAssert.AreEqual(new[] { 5, 4, 3 }, batches[1]);

        batches.Clear();
        LengthBatches.Run(window, text => text.Length, batchSize: 3, tokenBudget: 60, batch =>
        {
            batches.Add(batch.Select(t => t.Length).ToArray());
            return batch.Select(t => t.Length).ToArray();
        });
        CollectionAssert.AreEqual(new[] { 1, 1, 1, 3 }, batches.Select(b => b.Length).ToArray());
        Assert.IsLessThan(
            InputBudget.Of(new PerceiverConfig(), 768, 1L << 30), InputBudget.Of(new PerceiverConfig(), 768, 1L << 20));
    }

    private static IDataView View(IDataView source, CountingStage stage) => stage.Transform(source, new ModelAccess(source, () => { }));

    private IDataView Rows(int count) =>
        _context.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(i => new Row { Id = i, Text = new string('x', i + 1) }));

    private sealed class Row
    {
        public int Id { get; set; }

        public string Text { get; set; } = "";
    }

    private sealed class Mapped
    {
        public int Mark { get; set; }
    }

    private sealed class Rich
    {
        public string Text { get; set; } = "";

        public double Number { get; set; }

        public float[] Vector { get; set; } = [];

        public string[] Words { get; set; } = [];

        public DateTime Date { get; set; }

        public bool Flag { get; set; }
    }

    private sealed class Owner
    {
        public int Id { get; set; }
    }

    private sealed class OwnerTypeAttribute : DataViewTypeAttribute
    {
        public override bool Equals(DataViewTypeAttribute? other) => other is OwnerTypeAttribute;

        public override int GetHashCode() => 1;

        public override void Register() => DataViewTypeManager.Register(new OwnerType(), typeof(Owner), this);
    }

    private sealed class OwnerType() : StructuredDataViewType(typeof(Owner))
    {
        public override bool Equals(DataViewType? other) => other is OwnerType;

        public override int GetHashCode() => 1;
    }

    private sealed class WithOwner
    {
        [OwnerType]
        public Owner Owner { get; set; } = new();
    }
}
