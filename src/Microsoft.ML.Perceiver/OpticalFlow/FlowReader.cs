using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>Rows of frames with their true flow.</summary>
/// <param name="options">The columns.</param>
internal sealed class FlowReader(PerceiverOpticalFlowOptions options)
{
    /// <summary>A column of flow.</summary>
    internal static InputColumn FlowColumn(string name) => new(name, new InputType(NumberDataViewType.Single, IsVector: true));

    /// <summary>The training rows and those for validation.</summary>
    /// <exception cref="InvalidOperationException">A row is at fault (its number is given), or there are none.</exception>
    internal (PerceiverRows<PerceiverFlowExample> Training, PerceiverRows<PerceiverFlowExample> Validation) Read(IDataView data)
    {
        var training = options.Training!;
        PerceiverRows<PerceiverFlowExample> train, validation;
        if (options.ValidationSet is { } set)
            (train, validation) = (Rows(data), Rows(set));
        else if (data is GeneratedFlowDataView generated && IsOwn)
            (train, validation) = generated.Split(training.ValidationFraction);
        else
        {
            var (rest, chosen) = TrainingRows.Split(Examples(data), training.ValidationFraction, training.Seed);
            (train, validation) = (PerceiverFlowRows.FromList(rest), PerceiverFlowRows.FromList(chosen));
        }

        return train.Count > 0 ? (train, validation) : throw new InvalidOperationException("The training data has no rows.");
    }

    // What is generated need not be kept: any row can be made again.
    private PerceiverRows<PerceiverFlowExample> Rows(IDataView data) => data is GeneratedFlowDataView generated && IsOwn ? generated.Rows : PerceiverFlowRows.FromList(Examples(data));

    private bool IsOwn => GeneratedFlowDataView.Has(options.FirstImageColumnName, options.SecondImageColumnName, options.LabelColumnName);

    private List<PerceiverFlowExample> Examples(IDataView data)
    {
        var first = options.Inputs[0].In(data.Schema);
        var second = options.Inputs[1].In(data.Schema);
        var label = FlowColumn(options.LabelColumnName).In(data.Schema);
        return TrainingRows.Read<PerceiverFlowExample>(data, [first, second, label], row =>
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
                    : throw new RowException(0, $"the flow in the column '{label.Name}' has {values.Length} numbers; frames of {a.Height} x {a.Width} pixels have {expected}.");
            };
        });
    }
}
