using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Perceiver;

/// <summary>Flow to columns.</summary>
internal static class FlowColumns
{
    /// <summary>The columns. Sizes differ from row to row, so that the flow's length is not known.</summary>
    internal static IReadOnlyList<OutputColumn> Of(PerceiverOpticalFlowOptions options)
    {
        var columns = new List<OutputColumn>
        {
            new(options.FlowColumnName, new VectorDataViewType(NumberDataViewType.Single)),
            new(options.HeightColumnName, NumberDataViewType.Int32),
            new(options.WidthColumnName, NumberDataViewType.Int32),
        };
        if (options.FlowImageColumnName is { } image)
            columns.Add(new OutputColumn(image, new ImageDataViewType()));
        return columns;
    }

    internal static Delegate CreateGetter(int output, Func<PerceiverFlowField> current, double? maxMotion) => output switch
    {
        0 => Getters.Vector(() => current().Values),
        1 => Getters.Scalar(() => current().Height),
        2 => Getters.Scalar(() => current().Width),
        _ => Getters.Scalar(() => PerceiverFlowColors.Paint(current(), maxMotion).ToMLImage()),
    };
}
