using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>Videos to videos, sound and labels: columns to tensors and back.</summary>
internal sealed class MultimodalStage : BatchStage<VideoInput, VideoOutput>
{
    private readonly MultimodalRunner _model;
    private readonly VideoReader _reader;
    private readonly VideoWindows _windows;
    private readonly ClassificationColumns _columns;

    internal MultimodalStage(MultimodalRunner model, MultimodalSettings settings)
    {
        _model = model;
        _reader = new VideoReader(settings, model.Extents);
        _windows = new VideoWindows(model.Extents);
        var labels = LabelSet.FromData(settings.Labels);
        _columns = new ClassificationColumns(settings.ScoreColumnName, settings.PredictedLabelColumnName, PerceiverProblemType.SingleLabel, labels);
        Outputs = OutputsOf(settings.ReconstructedFramesColumnName, settings.ReconstructedAudioColumnName, settings.FrameCount, _windows, _columns.Outputs);
    }

    public override IReadOnlyList<InputColumn> Inputs => _reader.Inputs;

    public override IReadOnlyList<OutputColumn> Outputs { get; }

    public override int WindowSize => _model.WindowSize;

    public override bool ReadsAhead => true;

    /// <summary>The columns that are written.</summary>
    /// <param name="frames">The column of the video.</param>
    /// <param name="audio">The column of the sound.</param>
    /// <param name="count">Frames of every row; null where rows may differ.</param>
    /// <param name="windows">The model's windows.</param>
    /// <param name="label">The columns of the label.</param>
    internal static IReadOnlyList<OutputColumn> OutputsOf(string frames, string audio, int? count, VideoWindows windows, IReadOnlyList<OutputColumn> label)
    {
        OutputColumn Vector(string name, int perFrame) => new(name, new VectorDataViewType(NumberDataViewType.Single, checked((count ?? 0) * perFrame)));
        return [Vector(frames, windows.FrameValues), Vector(audio, windows.FrameSamples), .. label];
    }

    protected override Func<VideoInput> CreateReader(DataViewRow row, DataViewSchema.Column[] columns) => _reader.CreateReader(row, columns);

    protected override VideoOutput[] Score(IReadOnlyList<VideoInput> window)
    {
        var pieces = window.Select(video => _windows.Cut(video).ToArray()).ToArray();
        float[][] latents = _model.Encode([.. pieces.SelectMany(p => p)]);
        int next = 0;
        return [.. window.Zip(pieces, (video, own) =>
        {
            next += own.Length;
            return new VideoOutput(_model, _windows, _windows.CountOf(video), latents[(next - own.Length)..next]);
        })];
    }

    protected override Delegate CreateGetter(int output, Func<VideoOutput> current) => output switch
    {
        0 => Getters.Vector(() => current().Frames),
        1 => Getters.Vector(() => current().Sound),
        _ => _columns.CreateGetter(output - 2, () => current().Scores),
    };
}
