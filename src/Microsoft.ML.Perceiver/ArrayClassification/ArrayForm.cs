using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>What feature columns hold, as far as their types tell.</summary>
/// <param name="Axes">The extents of the axes; the first is null where rows differ.</param>
/// <param name="Channels">Numbers of an element.</param>
/// <param name="IsTable">Whether places have nothing to do with their neighbours.</param>
internal sealed record ArrayForm(IReadOnlyList<int?> Axes, int Channels, bool IsTable)
{
    private const int Bands = 32, ProjectedChannels = 32;

    /// <summary>Numbers of an element of the first axis.</summary>
    internal int Width => Axes.Skip(1).Aggregate(Channels, (product, n) => product * n!.Value);

    /// <summary>What the columns of training data hold.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column does not fit the settings.</exception>
    internal static ArrayForm Of(DataViewSchema schema, PerceiverArrayClassificationOptions options)
    {
        var columns = options.Inputs.Select(input => input.In(schema)).ToArray();
        bool isTable = columns is not [{ Type: VectorDataViewType }];
        int channels = options.Channels ?? 1;
        if (!isTable)
        {
            bool isTrainable = options.Positions == PerceiverArrayPositions.Trainable;
            return new ArrayForm(AxesOf(columns[0], channels), channels, isTrainable);
        }

        if (channels > 1)
            throw StageErrors.Unfit(columns[0].Name, $"is of a table, whose numbers stand alone; Channels is {channels}.");
        int count = 0;
        foreach (var column in columns)
        {
            count += column.Type switch
            {
                VectorDataViewType { IsKnownSize: true } vector => vector.Size,
                VectorDataViewType => throw StageErrors.Unfit(column.Name, "has vectors of variable size; a table needs known ones."),
                _ => 1,
            };
        }

        return new ArrayForm([count], 1, options.Positions != PerceiverArrayPositions.Fourier);
    }

    /// <summary>The settings of a new model.</summary>
    /// <param name="options">The settings of the stage.</param>
    /// <param name="longest">The elements of the longest row along the first axis.</param>
    /// <exception cref="ArgumentException">The patches do not fit the array.</exception>
    internal PerceiverArraySettings ToSettings(PerceiverArrayClassificationOptions options, int longest)
    {
        int first = Axes[0] ?? options.MaxLength ?? longest;
        // The last patch of a series of any length may be filled in part.
        if (Axes[0] is null && options.Patch is [> 0 and var patch])
            first = (first + patch - 1) / patch * patch;
        var settings = new PerceiverArraySettings
        {
            InputShape = [first, .. Axes.Skip(1).Select(n => n!.Value)],
            InputChannels = Channels,
            Patch = options.Patch,
            Positions = IsTable ? PerceiverArraySettings.Trainable : PerceiverArraySettings.Fourier,
            NumBands = Bands,
            PositionChannels = ProjectedChannels,
            ProjectedChannels = ProjectedChannels,
        };
        PerceiverArrayChecks.Check(settings);
        return settings;
    }

    private static int?[] AxesOf(DataViewSchema.Column column, int channels)
    {
        var vector = (VectorDataViewType)column.Type;
        if (!vector.IsKnownSize)
            return [null];
        int[] dimensions = [.. vector.Dimensions];
        if (dimensions.Length > 1 && channels > 1)
        {
            return dimensions[^1] == channels
                ? Checked([.. dimensions[..^1]])
                : throw Unfit($"and {channels} channels: the last dimension needs to be that of the channels.");
        }

        if (dimensions is [var size])
            return size % channels == 0 ? [size / channels] : throw Unfit($"which are no whole elements of {channels} channels.");
        return Checked(dimensions);

        int?[] Checked(int[] axes) => axes.Length <= PerceiverArraySettings.MostAxes
            ? [.. axes.Select(n => (int?)n)]
            : throw Unfit($"without channels {axes.Length} axes; a model reads {PerceiverArraySettings.MostAxes} at most.");

        ArgumentOutOfRangeException Unfit(string fault) =>
            StageErrors.Unfit(column.Name, $"has vectors of {string.Join(" x ", dimensions)} numbers, {fault}");
    }
}
