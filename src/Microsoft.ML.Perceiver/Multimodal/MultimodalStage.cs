global using MultimodalContent = Microsoft.ML.Perceiver.StageContent<
    Microsoft.ML.Perceiver.PerceiverMultimodalOptions,
    Microsoft.ML.Perceiver.MultimodalFound,
    Microsoft.ML.Perceiver.PerceiverForMultimodalAutoencoding>;
using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>Videos to videos, audio and labels.</summary>
internal sealed class MultimodalStage : BatchStage<VideoInput, VideoOutput>, IModelStage<PerceiverForMultimodalAutoencoding>
{
    private readonly MultimodalRunner _runner;
    private readonly VideoReader _reader;
    private readonly VideoWindows _windows;
    private readonly ClassificationColumns _columns;

    internal MultimodalStage(MultimodalContent content)
    {
        var extents = content.Model.Extents;
        _runner = new MultimodalRunner(content.Model, content.Options);
        _reader = new VideoReader(content.Options, extents, content.Found.FrameCount);
        _windows = new VideoWindows(extents);
        _columns = new ClassificationColumns(content.Options, PerceiverProblemType.SingleLabel, content.Found.Labels, content.Model.Config);
        Outputs = OutputsOf(content.Options, content.Found, _windows);
    }

    public override IReadOnlyList<InputColumn> Inputs => _reader.Inputs;

    public override IReadOnlyList<OutputColumn> Outputs { get; }

    internal override int WindowSize => _runner.WindowSize;

    internal override bool ReadsAhead => true;

    internal override bool ComputesWhenRead => true;

    ModelRunner<PerceiverForMultimodalAutoencoding> IModelStage<PerceiverForMultimodalAutoencoding>.Runner => _runner;

    /// <summary>The columns that are written.</summary>
    internal static IReadOnlyList<OutputColumn> OutputsOf(PerceiverMultimodalOptions options, MultimodalFound found, VideoWindows windows)
    {
        return
        [
            Vector(options.ReconstructedFramesColumnName, windows.FrameValues),
            Vector(options.ReconstructedAudioColumnName, windows.FrameSamples),
            .. ClassificationColumns.OutputsOf(options, PerceiverProblemType.SingleLabel, found.Labels),
        ];

        OutputColumn Vector(string name, int perFrame) =>
            new(name, new VectorDataViewType(NumberDataViewType.Single, checked((found.FrameCount ?? 0) * perFrame)));
    }

    internal override Func<VideoInput> CreateReader(DataViewRow row, DataViewSchema.Column[] columns) => _reader.CreateReader(row, columns);

    internal override VideoOutput[] Score(IReadOnlyList<VideoInput> window)
    {
        var pieces = window.Select(video => _windows.Cut(video).ToArray()).ToArray();
        float[][] latents = _runner.Encode([.. pieces.SelectMany(p => p)]);
        var results = new VideoOutput[window.Count];
        int start = 0;
        for (int i = 0; i < results.Length; i++)
        {
            int end = start + pieces[i].Length;
            results[i] = new VideoOutput(_runner, _windows, _windows.CountOf(window[i]), latents[start..end]);
            start = end;
        }

        return results;
    }

    internal override Delegate CreateGetter(int output, Func<VideoOutput> current) => output switch
    {
        0 => Getters.Vector(() => current().Frames),
        1 => Getters.Vector(() => current().Samples),
        _ => _columns.CreateGetter(output - 2, () => current().Scores),
    };
}

/// <summary>What fitting a multimodal stage finds out.</summary>
/// <param name="Labels">The labels.</param>
/// <param name="FrameCount">Frames of every row; null where rows may differ.</param>
internal sealed record MultimodalFound(LabelSet Labels, int? FrameCount = null);
