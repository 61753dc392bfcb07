using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>Samples to log-mel frames.</summary>
/// <param name="settings">How frames are made, and how many samples rows have.</param>
internal sealed class LogMelStage(LogMelSettings settings) : BatchStage<float[], float[]>
{
    private readonly PerceiverLogMelOptions _options = settings.Options;
    private readonly LogMelFrames _frames = new(settings.Options.Form);

    public override IReadOnlyList<InputColumn> Inputs { get; } =
    [
        new InputColumn(settings.Options.InputColumnName, new InputType(NumberDataViewType.Single, IsVector: true))
        {
            Fault = type => Fault(type, settings.Samples),
        },
    ];

    public override IReadOnlyList<OutputColumn<float[]>> Outputs { get; } =
    [
        new OutputColumn<float[]>(
            settings.Options.OutputColumnName, TypeOf(settings), current => Getters.Vector(current)),
    ];

    // A row's frames are computed together; those of several rows would only wait for each other.
    internal override int WindowSize => 1;

    internal override Func<float[]> CreateReader(DataViewRow row, DataViewSchema.Column[] columns)
    {
        var read = Getters.VectorReader<float>(row, columns[0]);
        string column = columns[0].Name;
        return () =>
        {
            float[] samples = read();
            if (samples.Length == 0)
                throw new RowException(0, $"the column '{column}' has no samples.");
            if (settings.Samples is { } number && samples.Length != number)
                throw new RowException(0, $"the column '{column}' has {samples.Length} samples; {number} are read.");
            int wrong = Array.FindIndex(samples, sample => !float.IsFinite(sample));
            return wrong < 0
                ? samples
                : throw new RowException(0, $"the column '{column}' has {samples[wrong]} at {wrong}, which is no finite number.");
        };
    }

    internal override float[][] Score(IReadOnlyList<float[]> window) => [.. window.Select(Frames)];

    private float[] Frames(float[] samples, int index)
    {
        var form = _options.Form;
        long numbers = (long)form.FramesOf(samples.Length) * form.Bands;
        return numbers <= Array.MaxLength
            ? _frames.Compute(samples)
            : throw new RowException(
                index, $"the column '{_options.InputColumnName}' has {samples.Length} samples, whose frames do not fit into a vector.");
    }

    private static VectorDataViewType TypeOf(LogMelSettings settings) => settings.Samples is { } samples
        ? new VectorDataViewType(NumberDataViewType.Single, settings.Options.Form.FramesOf(samples), settings.Options.Bands)
        : new VectorDataViewType(NumberDataViewType.Single);

    private static string? Fault(DataViewType type, int? samples) =>
        samples is not null && type is VectorDataViewType { IsKnownSize: true } vector && vector.Size != samples
            ? $"has vectors of {vector.Size} samples; {samples} are read."
            : null;
}

/// <summary>What a model file has of the stage.</summary>
/// <param name="Options">How frames are made.</param>
/// <param name="Samples">The samples of each row; null where rows differ.</param>
internal sealed record LogMelSettings(PerceiverLogMelOptions Options, int? Samples);
