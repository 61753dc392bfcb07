using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver.Tests.Stages.Batching;

/// <summary>A stage without a model: the length of a text, with a count of the forward passes.</summary>
internal sealed class CountingStage(int window) : BatchStage<string, object[]>
{
    internal List<int> Calls { get; } = [];

    public override IReadOnlyList<InputColumn> Inputs { get; } = [InputColumn.Text("Text")];

    public override IReadOnlyList<OutputColumn<object[]>> Outputs { get; } =
    [
        OutputColumn<object[]>.Scalar("Length", NumberDataViewType.Int32, row => (int)row[0]),
        OutputColumn<object[]>.Scalar("Text", TextDataViewType.Instance, row => ((string)row[1]).AsMemory()),
    ];

    internal override int WindowSize => window;

    internal override Func<string> CreateReader(DataViewRow row, DataViewSchema.Column[] columns)
    {
        var getter = row.GetGetter<ReadOnlyMemory<char>>(columns[0]);
        ReadOnlyMemory<char> value = default;
        return () =>
        {
            getter(ref value);
            return value.IsEmpty ? throw new RowException(0, "the text is empty.") : value.ToString();
        };
    }

    internal override object[][] Score(IReadOnlyList<string> window)
    {
        Calls.Add(window.Count);
        for (int i = 0; i < window.Count; i++)
        {
            if (window[i] == "bad")
                throw new RowException(i, "the text is bad.");
        }

        return window.Select(t => new object[] { t.Length, t.ToUpperInvariant() }).ToArray();
    }
}
