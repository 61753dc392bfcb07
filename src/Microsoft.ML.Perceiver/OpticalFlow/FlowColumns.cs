using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Perceiver;

/// <summary>Flow to columns.</summary>
internal static class FlowColumns
{
    /// <summary>The columns. Sizes differ from row to row, so that the flow's length is not known.</summary>
    internal static IReadOnlyList<OutputColumn<FoundFlow>> Of(PerceiverOpticalFlowOptions options)
    {
        var columns = new List<OutputColumn<FoundFlow>>
        {
            OutputColumn<FoundFlow>.Vector(options.FlowColumnName, NumberDataViewType.Single, flow => flow.Field.Values),
            OutputColumn<FoundFlow>.Scalar(options.HeightColumnName, NumberDataViewType.Int32, flow => flow.Height),
            OutputColumn<FoundFlow>.Scalar(options.WidthColumnName, NumberDataViewType.Int32, flow => flow.Width),
        };
        if (options.FlowImageColumnName is { } name)
        {
            double? maxMotion = options.FlowImageMaxMotion;
            columns.Add(OutputColumn<FoundFlow>.Scalar(
                name, new ImageDataViewType(), flow => PerceiverFlowColors.Paint(flow.Field, maxMotion).ToMLImage()));
        }

        return columns;
    }
}
