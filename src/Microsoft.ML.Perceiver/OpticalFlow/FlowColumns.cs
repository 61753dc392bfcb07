using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Perceiver;

/// <summary>Flow to columns.</summary>
internal static class FlowColumns
{
    /// <summary>The columns. Sizes differ from row to row, so that the flow's length is not known.</summary>
    internal static IReadOnlyList<OutputColumn<PerceiverFlowField>> Of(PerceiverOpticalFlowOptions options)
    {
        var columns = new List<OutputColumn<PerceiverFlowField>>
        {
            OutputColumn<PerceiverFlowField>.Vector(options.FlowColumnName, NumberDataViewType.Single, flow => flow.Values),
            OutputColumn<PerceiverFlowField>.Scalar(options.HeightColumnName, NumberDataViewType.Int32, flow => flow.Height),
            OutputColumn<PerceiverFlowField>.Scalar(options.WidthColumnName, NumberDataViewType.Int32, flow => flow.Width),
        };
        if (options.FlowImageColumnName is { } name)
        {
            double? maxMotion = options.FlowImageMaxMotion;
            columns.Add(OutputColumn<PerceiverFlowField>.Scalar(
                name, new ImageDataViewType(), flow => PerceiverFlowColors.Paint(flow, maxMotion).ToMLImage()));
        }

        return columns;
    }
}
