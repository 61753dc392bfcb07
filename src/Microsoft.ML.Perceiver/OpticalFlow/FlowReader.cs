using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Rows of frames with their true flow, in any order that a training asks for them, without lying in memory together. Rows that a generator made
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
        PerceiverRows<PerceiverFlowExample> train, validation;
        if (options.ValidationSet is { } set)
            (train, validation) = (source.All, Open(set).All);
        else
            (train, validation) = source.Split(training.ValidationFraction, training.Seed);
        return train.Count > 0 ? (train, validation) : throw new InvalidOperationException("The training data has no rows.");
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

    private static List<long> Numbers(IDataView data, DataViewSchema.Column column) => TrainingRows.Read<long>(data, [column], row =>
    {
        var getter = row.GetGetter<long>(column);
        long number = 0;
        return () =>
        {
            getter(ref number);
            return number;
        };
    });

    private static Func<PerceiverFlowExample> CreateReader(
        DataViewRow row, DataViewSchema.Column first, DataViewSchema.Column second, DataViewSchema.Column label)
    {
        var pair = FramePair.CreateReader(row, first, second);
        var getter = row.GetGetter<VBuffer<float>>(label);
        VBuffer<float> values = default;
        return () =>
        {
            var (a, b) = pair();
            getter(ref values);
            long expected = (long)a.Height * a.Width * PerceiverFlowField.Components;
            return values.Length == expected
                ? new PerceiverFlowExample(a, b, new PerceiverFlowField(a.Height, a.Width, values.DenseValues().ToArray()))
                : throw new RowException(
                    0, $"the flow in the column '{label.Name}' has {values.Length} numbers; frames of {a.Height} x {a.Width} pixels have {expected}.");
        };
    }

    /// <summary>The rows of a data view.</summary>
    /// <param name="Numbers">Each row's number.</param>
    /// <param name="Read">Reads, or makes, the example of a number.</param>
    /// <param name="IsGenerated">Whether a generator makes them.</param>
    private sealed record Source(List<long> Numbers, Func<long, PerceiverFlowExample> Read, bool IsGenerated)
    {
        internal PerceiverRows<PerceiverFlowExample> All => Rows(Numbers);

        /// <summary>Sets a share of the rows aside: the last ones of those that are generated, which are as random as any.</summary>
        internal (PerceiverRows<PerceiverFlowExample> Training, PerceiverRows<PerceiverFlowExample> Validation) Split(double fraction, int seed)
        {
            if (!IsGenerated)
            {
                var (rest, chosen) = TrainingRows.Split(Numbers, fraction, seed);
                return (Rows(rest), Rows(chosen));
            }

            int last = (int)Math.Round(Numbers.Count * fraction);
            return last == Numbers.Count ? (All, Rows([])) : (Rows(Numbers[..^last]), Rows(Numbers[^last..]));
        }

        private FlowRows Rows(List<long> numbers) => new(numbers.Count, row => Read(numbers[row]));
    }
}
