using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Rows of frames with their true flow, which a training may read in any order without all of them in memory. Rows of a generator
/// (<see cref="GeneratedFlowColumn"/>) are made again from their numbers; others are read once, into a temporary file.
/// </summary>
/// <param name="options">The columns.</param>
internal sealed class FlowReader(PerceiverOpticalFlowOptions options)
{
    /// <summary>A column of flow.</summary>
    internal static InputColumn FlowColumn(string name) => new(name, new InputType(NumberDataViewType.Single, IsVector: true));

    /// <summary>The training rows and those for validation.</summary>
    /// <exception cref="InvalidOperationException">A row is at fault (its number is given), or there are none.</exception>
    /// <exception cref="IOException">There is no room for the temporary file.</exception>
    internal (PerceiverRows<PerceiverFlowExample> Training, PerceiverRows<PerceiverFlowExample> Validation) Read(IDataView data)
    {
        var training = options.Training!;
        var source = Open(data);
        if (source.Numbers.Count == 0)
            throw TrainingRows.NoRows();
        if (options.ValidationSet is { } set)
        {
            var validation = Open(set);
            return (source.RowsOf(source.Numbers), validation.RowsOf(validation.Numbers));
        }

        var (rest, chosen) = source.Split(training.ValidationFraction, training.SeedOrDefault);
        return (source.RowsOf(rest), source.RowsOf(chosen));
    }

    private Source Open(IDataView data)
    {
        var first = options.Inputs[0].In(data.Schema);
        var second = options.Inputs[1].In(data.Schema);
        var label = FlowColumn(options.LabelColumnName).In(data.Schema);
        if (GeneratedFlowDataView.Find(data.Schema, first, second, label) is { } generated)
            return new Source(Numbers(data, generated.Number), generated.Generator.Generate, IsGenerated: true);
        var file = new FlowFile();
        var numbers = TrainingRows.Read<long>(data, [first, second, label], row =>
        {
            var read = CreateReader(row, first, second, label);
            return () => file.Add(read());
        });
        return new Source(numbers, file.Read, IsGenerated: false);
    }

    private static List<long> Numbers(IDataView data, DataViewSchema.Column column) =>
        TrainingRows.Read(data, [column], row => Getters.ScalarReader<long>(row, column));

    private static Func<PerceiverFlowExample> CreateReader(
        DataViewRow row, DataViewSchema.Column first, DataViewSchema.Column second, DataViewSchema.Column label)
    {
        var pair = FramePair.CreateReader(row, first, second);
        var readFlow = Getters.VectorReader<float>(row, label);
        return () =>
        {
            var (a, b) = pair();
            float[] values = readFlow();
            long expected = (long)a.Height * a.Width * PerceiverFlowField.Components;
            if (values.Length == expected)
                return new PerceiverFlowExample(a, b, new PerceiverFlowField(a.Height, a.Width, values));
            string found = $"the flow in the column '{label.Name}' has {values.Length} numbers";
            throw new RowException(0, $"{found}; frames of {a.Height} x {a.Width} pixels have {expected}.");
        };
    }

    /// <summary>The rows of a data view.</summary>
    /// <param name="Numbers">Each row's number.</param>
    /// <param name="Read">Reads, or makes, the example of a number.</param>
    /// <param name="IsGenerated">Whether a generator makes them.</param>
    private sealed record Source(List<long> Numbers, Func<long, PerceiverFlowExample> Read, bool IsGenerated)
    {
        internal PerceiverRows<PerceiverFlowExample> RowsOf(List<long> numbers) => new FlowRows(numbers.Count, row => Read(numbers[row]));

        /// <summary>Sets a share of the rows aside: the last ones of generated rows, which are as random as any.</summary>
        internal (List<long> Training, List<long> Validation) Split(double fraction, int seed)
        {
            if (!IsGenerated)
                return TrainingRows.Split(Numbers, fraction, seed);
            int last = (int)Math.Round(Numbers.Count * fraction);
            return last == Numbers.Count ? (Numbers, []) : (Numbers[..^last], Numbers[^last..]);
        }
    }
}
