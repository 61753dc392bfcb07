using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Perceiver.TestHost;
using Microsoft.ML.Perceiver.Tests.Modules;
using Microsoft.ML.Perceiver.Tests.Runtime;

namespace Microsoft.ML.Perceiver.Tests;

/// <summary>
/// What every stage must do, whatever its head: keep to the schema shape that its estimator gives, refuse wrong columns, give the same rows
/// one by one, many at a time, from several threads, after saving and loading, and in a process that registered nothing; and be
/// exported to ONNX, where its model gives the same numbers.
/// </summary>
internal static class EstimatorCheck
{
    /// <summary>Runs all checks.</summary>
    /// <param name="context">The context that the estimator was made with.</param>
    /// <param name="estimator">The estimator.</param>
    /// <param name="valid">Data that it can be fitted on and can transform; a few rows, of unequal length.</param>
    /// <param name="invalid">Data with a column missing or of the wrong type.</param>
    /// <param name="outputs">The columns that it adds.</param>
    internal static void Run(
        MLContext context, IEstimator<ITransformer> estimator, IDataView valid, IEnumerable<IDataView> invalid, params string[] outputs)
    {
        var transformer = CheckColumns(context, estimator, valid, invalid, outputs);
        OnnxCheck.Run(transformer);
        CheckDisposed(transformer, valid, outputs[0]);
    }

    /// <summary>Runs the checks that concern stages without a model too, which have nothing to export and to dispose.</summary>
    /// <inheritdoc cref="Run"/>
    internal static void RunWithoutModel(
        MLContext context, IEstimator<ITransformer> estimator, IDataView valid, IEnumerable<IDataView> invalid, params string[] outputs) =>
        CheckColumns(context, estimator, valid, invalid, outputs);

    private static ITransformer CheckColumns(
        MLContext context, IEstimator<ITransformer> estimator, IDataView valid, IEnumerable<IDataView> invalid, string[] outputs)
    {
        var transformer = estimator.Fit(valid);
        CheckSchema(estimator, transformer, valid);
        foreach (var wrong in invalid)
            CheckRefused(estimator, transformer, wrong);
        string[] expected = RowDump.Lines(transformer.Transform(valid), outputs).ToArray();
        Assert.IsNotEmpty(expected);
        CheckCursors(transformer.Transform(valid), valid, outputs, expected);
        CheckRows(transformer, valid, outputs, expected);
        CheckThreads(transformer, valid, outputs, expected);
        CheckSaved(context, transformer, valid, outputs, expected);
        return transformer;
    }

    /// <summary>
    /// Compares lines of values; the numbers of a column may differ by rounding, which is a share of the largest of them.
    /// </summary>
    internal static void AssertSame(IReadOnlyList<string> expected, IReadOnlyList<string> actual, string what)
    {
        Assert.HasCount(expected.Count, actual, what);
        for (int i = 0; i < expected.Count; i++)
        {
            string[] a = expected[i].Split('\t'), b = actual[i].Split('\t');
            Assert.HasCount(a.Length, b, $"{what}, row {i}: {actual[i]}");
            foreach (var (x, y) in a.Zip(b))
                AssertSameColumn(x.Split(' '), y.Split(' '), $"{what}, row {i}");
        }
    }

    private static void AssertSameColumn(string[] expected, string[] actual, string what)
    {
        Assert.HasCount(expected.Length, actual, $"{what}: {string.Join(' ', actual)}");
        double largest = expected.Max(
            v => float.TryParse(v, CultureInfo.InvariantCulture, out float x) && float.IsFinite(x) ? Math.Abs(x) : 0);
        for (int i = 0; i < expected.Length; i++)
        {
            bool same = expected[i] == actual[i]
                || (float.TryParse(expected[i], CultureInfo.InvariantCulture, out float x)
                    && float.TryParse(actual[i], CultureInfo.InvariantCulture, out float y)
                    && Math.Abs(x - y) <= TinyModels.Rounding * (1 + largest));
            Assert.IsTrue(same, $"{what}: '{actual[i]}' is not '{expected[i]}'");
        }
    }

    private static void CheckSchema(IEstimator<ITransformer> estimator, ITransformer transformer, IDataView data)
    {
        var shape = estimator.GetOutputSchema(SchemaShape.Create(data.Schema));
        var actual = SchemaShape.Create(transformer.GetOutputSchema(data.Schema));
        Assert.AreEqual(transformer.GetOutputSchema(data.Schema).ToString(), transformer.Transform(data).Schema.ToString());
        foreach (var column in actual)
            Assert.IsTrue(shape.Any(s => s.Name == column.Name), $"column '{column.Name}' is not in the schema's shape");
        foreach (var planned in shape)
        {
            var column = actual.First(c => c.Name == planned.Name);
            Assert.AreEqual(planned.Kind, column.Kind, planned.Name);
            Assert.AreEqual(planned.IsKey, column.IsKey, planned.Name);
            Assert.AreEqual(planned.ItemType, column.ItemType, planned.Name);
            CollectionAssert.AreEquivalent(ShapesOf(planned.Annotations), ShapesOf(column.Annotations), planned.Name);
        }
    }

    private static string[] ShapesOf(SchemaShape annotations) => [.. annotations.Select(a => $"{a.Name} {a.Kind} {a.ItemType}")];

    private static void CheckRefused(IEstimator<ITransformer> estimator, ITransformer transformer, IDataView wrong)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => estimator.GetOutputSchema(SchemaShape.Create(wrong.Schema)));
        Assert.Throws<ArgumentOutOfRangeException>(() => estimator.Fit(wrong));
        // A transformer reads less than its estimator (no label), so it may accept what the other refuses, but never half.
        bool accepted = Accepts(() => transformer.GetOutputSchema(wrong.Schema));
        Assert.AreEqual(accepted, Accepts(() => transformer.Transform(wrong)));
        Assert.AreEqual(accepted, Accepts(() => transformer.GetRowToRowMapper(wrong.Schema)));
    }

    private static bool Accepts(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (ArgumentOutOfRangeException)
        {
            return false;
        }
    }

    private static void CheckCursors(IDataView view, IDataView source, string[] outputs, string[] expected)
    {
        // Each column alone, and all columns with those that pass through.
        for (int i = 0; i < outputs.Length; i++)
        {
            int index = i;
            AssertSame(
                expected.Select(l => l.Split('\t')[index]).ToArray(),
                RowDump.Lines(view, outputs[i]).ToArray(),
                $"column {outputs[i]} alone");
        }

        string[] passed = source.Schema.Where(c => !c.IsHidden && !outputs.Contains(c.Name)).Select(c => c.Name).ToArray();
        string[] before = RowDump.Lines(source, passed).ToArray();
        AssertSame(before, RowDump.Lines(view, passed).ToArray(), "columns that pass through, alone");
        AssertSame(
            before.Zip(expected, (a, b) => $"{a}\t{b}").ToArray(), RowDump.Lines(view, [.. passed, .. outputs]).ToArray(), "all columns");

        using var first = view.GetRowCursor(view.Schema);
        using var second = view.GetRowCursor(view.Schema);
        var a = RowDump.Reader(first, view.Schema[outputs[0]]);
        var b = RowDump.Reader(second, view.Schema[outputs[0]]);
        Assert.AreEqual(-1, first.Position);
        for (int row = 0; row < expected.Length; row++)
        {
            Assert.IsTrue(first.MoveNext());
            Assert.IsTrue(second.MoveNext());
            Assert.AreEqual(row, first.Position);
            Assert.AreEqual(a(), b());
        }

        Assert.IsFalse(first.MoveNext());
        Assert.IsFalse(first.MoveNext());
        Assert.IsFalse(view.CanShuffle);
        Assert.HasCount(1, view.GetRowCursorSet(view.Schema, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
        {
            using var none = view.GetRowCursor([]);
            RowDump.Reader(none, view.Schema[outputs[0]]);
        });
    }

    private static void CheckRows(ITransformer transformer, IDataView data, string[] outputs, string[] expected)
    {
        Assert.IsTrue(transformer.IsRowToRowMapper);
        AssertSame(expected, RowByRow(transformer, data, outputs), "one row at a time");
        var mapper = transformer.GetRowToRowMapper(data.Schema);
        Assert.IsEmpty(mapper.GetDependencies([]));
        Assert.IsNotEmpty(mapper.GetDependencies([mapper.OutputSchema[outputs[0]]]));
    }

    /// <summary>What a prediction engine does: one row in, one row out.</summary>
    private static string[] RowByRow(ITransformer transformer, IDataView data, string[] outputs)
    {
        var mapper = transformer.GetRowToRowMapper(data.Schema);
        var active = outputs.Select(o => mapper.OutputSchema[o]).ToArray();
        using var cursor = data.GetRowCursor(mapper.GetDependencies(active));
        using var row = mapper.GetRow(cursor, active);
        var readers = active.Select(c => RowDump.Reader(row, c)).ToArray();
        var lines = new List<string>();
        while (cursor.MoveNext())
            lines.Add(string.Join('\t', readers.Select(r => r())));
        return [.. lines];
    }

    private static void CheckThreads(ITransformer transformer, IDataView data, string[] outputs, string[] expected) =>
        Parallel.For(
            0,
            4,
            new ParallelOptions { MaxDegreeOfParallelism = 4 },
            _ => AssertSame(expected, RowByRow(transformer, data, outputs), "several threads"));

    private static void CheckSaved(MLContext context, ITransformer transformer, IDataView data, string[] outputs, string[] expected)
    {
        using var folder = new TemporaryFolder();
        string model = folder["model.zip"], rows = folder["data.idv"], written = folder["out.tsv"];
        context.Model.Save(transformer, data.Schema, model);
        var loaded = new MLContext().Model.Load(model, out var schema);
        Assert.AreEqual(data.Schema.Count, schema.Count);
        AssertSame(expected, RowDump.Lines(loaded.Transform(data), outputs).ToArray(), "saved and loaded");
        Assert.AreEqual(transformer.GetOutputSchema(data.Schema).ToString(), loaded.GetOutputSchema(data.Schema).ToString());
        foreach (string output in outputs)
            Assert.AreEqual(AnnotationsOf(transformer, data, output), AnnotationsOf(loaded, data, output), output);

        using (var stream = File.Create(rows))
            context.Data.SaveAsBinary(data, stream, keepHidden: false);
        HostProcess.Run($"transform {model} {rows} {written} {string.Join(' ', outputs)}");
        AssertSame(expected, File.ReadAllLines(written), "in a fresh process");
        (loaded as IDisposable)?.Dispose();
    }

    private static string AnnotationsOf(ITransformer transformer, IDataView data, string column)
    {
        var annotations = transformer.GetOutputSchema(data.Schema)[column].Annotations;
        return string.Join("; ", annotations.Schema.Select(a => $"{a.Name} {Values(annotations, a)}"));
    }

    private static string Values(DataViewSchema.Annotations annotations, DataViewSchema.Column column)
    {
        if (column.Type is not VectorDataViewType { ItemType: TextDataViewType })
            return column.Type.ToString()!;
        VBuffer<ReadOnlyMemory<char>> values = default;
        annotations.GetValue(column.Name, ref values);
        return string.Join(',', values.DenseValues());
    }

    private static void CheckDisposed(ITransformer transformer, IDataView data, string output)
    {
        var view = transformer.Transform(data);
        ((IDisposable)transformer).Dispose();
        ((IDisposable)transformer).Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => transformer.Transform(data));
        Assert.ThrowsExactly<ObjectDisposedException>(() => RowDump.Lines(view, output).ToArray());
        Assert.ThrowsExactly<ObjectDisposedException>(() => transformer.GetRowToRowMapper(data.Schema));
    }
}
