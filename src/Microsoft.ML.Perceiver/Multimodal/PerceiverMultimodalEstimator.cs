using Microsoft.ML.Runtime;

namespace Microsoft.ML.Perceiver;

/// <summary>Gives videos and their audio back through the latents of a Perceiver, and classifies them; and trains such a model.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// To create this estimator use
/// [PerceiverMultimodal](xref:Microsoft.ML.PerceiverCatalog.PerceiverMultimodal*).
///
/// ### Input and output columns
/// | Column | Type | What it is |
/// | -- | -- | -- |
/// | `FramesColumnName` | vector of Single or Byte | the video: frames x 3 x height x width, from 0 to 255, of one window at least |
/// | `FrameColumnNames` | MLImage, or a file (`LoadRawImageBytes`); several columns | instead of it: a frame each, of any size |
/// | `AudioColumnName` | vector of Single | the audio, one channel, from about -1 to 1: `audio_samples_per_frame` samples for each frame |
/// | `LabelColumnName` | key | read by training only, where it is named: the video's class |
/// | `ReconstructedFramesColumnName` | vector of Single | the frames as they come out, frames x 3 x height x width, from 0 to 255 |
/// | `ReconstructedAudioColumnName` | vector of Single | the audio as it comes out |
/// | `ScoreColumnName` | vector of Single | the labels' probabilities; slot names are the labels |
/// | `AttentionColumnName` | vector of Single, where it is named | a weight for each input of each window: what the label looks at |
/// | `PredictedLabelColumnName` | key | the most probable label with its key values |
///
/// ### Estimator Characteristics
/// | | |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | With `Training` set; otherwise it loads a checkpoint |
/// | Is normalization required? | No |
/// | Is caching required? | No, training keeps the resized frames as bytes |
/// | Required NuGet in addition to Microsoft.ML | Microsoft.ML.Perceiver and TorchSharp-cpu, or a TorchSharp-cuda package |
/// | Exportable to ONNX | By `SaveAsOnnx` of Microsoft.ML.Perceiver.Onnx |
///
/// ### Scoring
/// The model is Hugging Face's `PerceiverForMultimodalAutoencoding` (A. Jaegle et al., Perceiver IO, ICLR 2022). Its encoder runs once for
/// each window; what is decoded from the latents is what the reader of the data asks for, so that classifying a video decodes no frame. A
/// video that is longer than a window goes window by window, the last of which may overlap the one before; its scores are their mean.
///
/// ### Training
/// The loss is the mean squared error of the pixels (from 0 to 1) and of the samples and the cross-entropy of the label, weighed by
/// `Autoencoding.Weights`. The metrics are `VideoPsnr` and `AudioPsnr` (decibels, for a peak of 1) and, with labels, `Accuracy`.
/// ]]></format>
/// </remarks>
/// <seealso cref="PerceiverCatalog"/>
public sealed class PerceiverMultimodalEstimator : PerceiverEstimator<PerceiverMultimodalTransformer, PerceiverMultimodalOptions>
{
    private readonly PerceiverMultimodalExtents _extents;

    internal PerceiverMultimodalEstimator(IHostEnvironment environment, PerceiverMultimodalOptions options) : base(environment, options) =>
        _extents = PerceiverMultimodalExtents.Of(Options.Checkpoint!.Config);

    private protected override IReadOnlyList<OutputColumn> OutputsFor(SchemaShape inputSchema)
    {
        var labels = LabelSet.Of(Options.Checkpoint!.Config);
        if (Options.LabelColumnName is { } label)
        {
            LabelReader.CheckIn(inputSchema, label, LabelKind.Class);
            labels = LabelSet.Unknown;
        }

        // The shape of a schema does not tell how long a vector is, but whether rows may differ.
        MlNetInternals.TryFind(inputSchema, Options.Inputs[0].Name, out var frames);
        int? count = frames.Kind == SchemaShape.Column.VectorKind.VariableVector ? null : _extents.Frames;
        return MultimodalStage.OutputsOf(Options, new MultimodalFound(labels, count), new VideoWindows(_extents));
    }

    private protected override PerceiverMultimodalTransformer FitTo(IDataView input)
    {
        var checkpoint = Options.Checkpoint!;
        var target = ClassificationTarget.Of(LabelIn(input.Schema), checkpoint.Config);
        int? frames = new VideoReader(Options, _extents).FrameCountIn(input.Schema);
        var reader = new VideoReader(Options, _extents, frames);
        foreach (var column in reader.Inputs)
            column.In(input.Schema);
        return Fit(
            PerceiverMultimodalTransformer.File,
            checkpoint,
            new MultimodalFound(target.Labels, frames),
            training =>
            {
                var (train, validation) = VideoRows.Read(input, Options, reader, target.Label);
                return model => new PerceiverAutoencodingObjective(model, [.. train], [.. validation], training, Options.Autoencoding);
            },
            content => new PerceiverMultimodalTransformer(Host, content),
            target.Config,
            target.HasNewHead);
    }

    private LabelReader? LabelIn(DataViewSchema schema) =>
        Options.LabelColumnName is { } name ? LabelReader.For(schema, name, LabelKind.Class) : null;
}
