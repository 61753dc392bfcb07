using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Perceiver;

/// <summary>Flow to columns.</summary>
internal static class FlowColumns
{
    /// <summary>The columns, in the order of <see cref="CreateGetter"/>. Sizes differ from row to row, so that the flow's length is not known.</summary>
    internal static IReadOnlyList<OutputColumn> Of(string flow, string height, string width, string? picture)
    {
        var columns = new List<OutputColumn>
        {
            new(flow, new VectorDataViewType(NumberDataViewType.Single)),
            new(height, NumberDataViewType.Int32),
            new(width, NumberDataViewType.Int32),
        };
        if (picture is not null)
            columns.Add(new OutputColumn(picture, new ImageDataViewType()));
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
