using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>How far the flow of a data view is from the true one.</summary>
/// <param name="Rows">The metrics of each row.</param>
/// <param name="Total">The metrics over all pixels of all rows.</param>
public sealed record PerceiverOpticalFlowEvaluation(IReadOnlyList<PerceiverOpticalFlowMetrics> Rows, PerceiverOpticalFlowMetrics Total)
{
    /// <summary>Compares a column of flow with that of the true one.</summary>
    internal static PerceiverOpticalFlowEvaluation Of(IDataView data, string label, string flow, string height, string width)
    {
        var numbers = new InputType(NumberDataViewType.Int32);
        InputColumn[] inputs = [FlowReader.FlowColumn(label), FlowReader.FlowColumn(flow), new(height, numbers), new(width, numbers)];
        var columns = inputs.Select(i => i.In(data.Schema)).ToArray();
        var rows = TrainingRows.Read<PerceiverOpticalFlowMetrics>(data, columns, row =>
        {
            var readTruth = Getters.VectorReader<float>(row, columns[0]);
            var readFlow = Getters.VectorReader<float>(row, columns[1]);
            var (readHeight, readWidth) = (Getters.ScalarReader<int>(row, columns[2]), Getters.ScalarReader<int>(row, columns[3]));
            return () =>
            {
                var (h, w) = (readHeight(), readWidth());
                try
                {
                    return PerceiverOpticalFlowMetrics.Compare(
                        new PerceiverFlowField(h, w, readFlow()), new PerceiverFlowField(h, w, readTruth()));
                }
                catch (ArgumentException e)
                {
                    throw new RowException(0, $"the flow in the column '{flow}' cannot be compared with that in '{label}': {e.Message}", e);
                }
            };
        });
        return new PerceiverOpticalFlowEvaluation(rows, PerceiverOpticalFlowMetrics.Sum(rows));
    }
}
