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
    private readonly PerceiverMultimodalOptions _options;

    internal MultimodalStage(MultimodalContent content)
    {
        var extents = content.Model.Extents;
        _runner = new MultimodalRunner(content.Model, content.Options);
        _reader = new VideoReader(content.Options, extents, content.Found.FrameCount);
        (_windows, _options) = (new VideoWindows(extents), content.Options);
        Outputs = OutputsOf(content.Options, content.Found, _windows);
    }

    public override IReadOnlyList<InputColumn> Inputs => _reader.Inputs;

    public override IReadOnlyList<OutputColumn<VideoOutput>> Outputs { get; }

    internal override int WindowSize => _runner.WindowSize;

    internal override bool ReadsAhead => true;

    internal override bool ComputesWhenRead => true;

    ModelRunner<PerceiverForMultimodalAutoencoding> IModelStage<PerceiverForMultimodalAutoencoding>.Runner => _runner;

    /// <summary>The columns that are written.</summary>
    internal static IReadOnlyList<OutputColumn<VideoOutput>> OutputsOf(
        PerceiverMultimodalOptions options, MultimodalFound found, VideoWindows windows)
    {
        return
        [
            Vector(options.ReconstructedFramesColumnName, video => video.Frames, windows.FrameValues),
            Vector(options.ReconstructedAudioColumnName, video => video.Samples, windows.FrameSamples),
            .. ClassificationColumns.Of(options, PerceiverProblemType.SingleLabel, found.Labels)
                .Select(column => column.In<VideoOutput>(video => video.Scores)),
            .. AttentionColumn.Of<VideoOutput>(
                options,
                "for each window: each patch of audio, each patch of 4 x 4 pixels, frame by frame and row by row, the masked label",
                video => video.Attention,
                found.FrameCount is { } count
                    ? [windows.StartsOf(count).Length, MultimodalRunner.InputsOf(windows.Extents)]
                    : []),
        ];

        OutputColumn<VideoOutput> Vector(string name, Func<VideoOutput, float[]> values, int perFrame) =>
            OutputColumn<VideoOutput>.Vector(name, NumberDataViewType.Single, values, checked((found.FrameCount ?? 0) * perFrame));
    }

    internal override Func<VideoInput> CreateReader(DataViewRow row, DataViewSchema.Column[] columns) => _reader.CreateReader(row, columns);

    internal override VideoOutput[] Score(IReadOnlyList<VideoInput> window)
    {
        var pieces = window.Select(video => _windows.Cut(video).ToArray()).ToArray();
        PerceiverVideoExample[] all = [.. pieces.SelectMany(p => p)];
        float[][] latents = _runner.Encode(all);
        float[][] attention = _options.AttentionColumnName is null ? [] : _runner.AttentionOf(all, _options.AttentionKind);
        var results = new VideoOutput[window.Count];
        int start = 0;
        for (int i = 0; i < results.Length; i++)
        {
            int end = start + pieces[i].Length;
            results[i] = new VideoOutput(_runner, _windows, _windows.CountOf(window[i]), latents[start..end])
            {
                Attention = attention.Length == 0 ? [] : Joined(attention[start..end]),
            };
            start = end;
        }

        return results;
    }

    // The label's scores are the mean of the windows'.
    private static float[] Joined(float[][] windows) => [.. windows.SelectMany(window => window.Select(weight => weight / windows.Length))];
}

/// <summary>What fitting a multimodal stage finds out.</summary>
/// <param name="Labels">The labels.</param>
/// <param name="FrameCount">Frames of every row; null where rows may differ.</param>
internal sealed record MultimodalFound(LabelSet Labels, int? FrameCount = null) : IFound
{
    public void Check(PerceiverConfig config)
    {
        FoundChecks.RequireLabels(Labels, config);
        if (FrameCount is { } count && count < config.NumFrames)
            throw new FormatException($"FrameCount is {count}; the model reads {config.NumFrames} frames (num_frames).");
    }
}
