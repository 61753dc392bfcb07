using Microsoft.ML.Runtime;
using TorchSharp;

namespace Microsoft.ML.Perceiver;

/// <summary>Gives videos and their sound back through the latents of a Perceiver, and classifies them; and trains such a model.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// To create this estimator use
/// [PerceiverMultimodal](xref:Microsoft.ML.PerceiverCatalog.PerceiverMultimodal(Microsoft.ML.TransformsCatalog,Microsoft.ML.Perceiver.PerceiverMultimodalOptions)).
///
/// ### Input and output columns
/// | Column | Type | What it is |
/// | -- | -- | -- |
/// | `FramesColumnName` | vector of Single or Byte | the video: frames x 3 x height x width, from 0 to 255, of one window at least |
/// | `FrameColumnNames` | MLImage, several columns | instead of it: a frame each, of any size |
/// | `AudioColumnName` | vector of Single | the sound, one channel, from about -1 to 1: `audio_samples_per_frame` samples for each frame |
/// | `LabelColumnName` | key | read by training only, where it is named: the video's class |
/// | `ReconstructedFramesColumnName` | vector of Single | the frames as they come out, frames x 3 x height x width of the model, from 0 to 255 |
/// | `ReconstructedAudioColumnName` | vector of Single | the sound as it comes out |
/// | `ScoreColumnName` | vector of Single | the labels' probabilities; slot names are the labels |
/// | `PredictedLabelColumnName` | key | the most probable label with its key values |
///
/// ### Estimator Characteristics
/// | | |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | With `Training` set; otherwise it loads a checkpoint |
/// | Is normalization required? | No |
/// | Is caching required? | No, training keeps the resized frames as bytes |
/// | Required NuGet in addition to Microsoft.ML | Microsoft.ML.Perceiver and TorchSharp-cpu, or a TorchSharp-cuda package |
/// | Exportable to ONNX | No |
///
/// ### Scoring
/// The model is Hugging Face's `PerceiverForMultimodalAutoencoding` (A. Jaegle et al., Perceiver IO, ICLR 2022). Its encoder runs once for each
/// window; what is decoded from the latents is what the reader of the data asks for, so that classifying a video costs no picture. A video that
/// is longer than a window goes window by window, the last of which may overlap the one before; its scores are their mean.
///
/// ### Training
/// The loss is the mean squared error of the pixels (from 0 to 1) and of the samples and the cross-entropy of the label, weighed by
/// `Autoencoding.Weights`. The metrics are `VideoPsnr` and `AudioPsnr` (decibels, for a peak of 1) and, with labels, `Accuracy`.
/// ]]></format>
/// </remarks>
/// <seealso cref="PerceiverCatalog"/>
public sealed class PerceiverMultimodalEstimator : IEstimator<PerceiverMultimodalTransformer>
{
    private readonly IHost _host;
    private readonly PerceiverMultimodalOptions _options;
    private readonly PerceiverMultimodalExtents _extents;

    internal PerceiverMultimodalEstimator(IHostEnvironment environment, PerceiverMultimodalOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options = options.Copy<PerceiverMultimodalOptions>();
        options.Validate();
        _host = environment.Register(nameof(PerceiverMultimodalEstimator));
        _options = options;
        _extents = PerceiverMultimodalExtents.Of(options.Checkpoint!.Config);
    }

    /// <summary>The columns that <see cref="Fit"/>'s transformer adds.</summary>
    /// <param name="inputSchema">The input's columns.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var labels = LabelSet.FromNames(_options.Checkpoint!.Config.LabelNames);
        var reader = new VideoReader(new MultimodalSettings(_options, labels), _extents);
        foreach (var input in reader.Inputs)
            input.CheckIn(inputSchema);
        if (_options.LabelColumnName is { } label)
        {
            RequireKey(LabelReader.CheckIn(inputSchema, label));
            // The names and their number are known after training only; a shape does not tell them.
            labels = LabelSet.FromNames(["a", "b"]);
        }

        // Nor does it tell how long a vector is, but whether rows may differ.
        MlNetInternals.TryFind(inputSchema, reader.Inputs[0].Name, out var frames);
        int? count = frames.Kind == SchemaShape.Column.VectorKind.VariableVector ? null : _extents.Frames;
        var outputs = ClassificationColumns.OutputsOf(_options.ScoreColumnName, _options.PredictedLabelColumnName, PerceiverProblemType.SingleLabel, labels);
        return OutputColumn.AddTo(
            inputSchema, MultimodalStage.OutputsOf(_options.ReconstructedFramesColumnName, _options.ReconstructedAudioColumnName, count, new VideoWindows(_extents), outputs));
    }

    /// <summary>Loads the checkpoint, and trains it on the data where training is asked for.</summary>
    /// <param name="input">The training data; without training, only its schema is looked at.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, has the wrong type, or is of too few frames or of sound that does not fit them.</exception>
    /// <exception cref="ArgumentException">The checkpoint's numbers do not fit each other, or the validation set's labels the training data's.</exception>
    /// <exception cref="InvalidOperationException">A row is at fault (its number is given), or the training diverged.</exception>
    /// <exception cref="FormatException">The checkpoint is damaged, or another model's.</exception>
    /// <exception cref="OperationCanceledException">The training was cancelled before its first epoch was done.</exception>
    public PerceiverMultimodalTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var checkpoint = _options.Checkpoint!;
        var label = _options.LabelColumnName is { } name ? LabelIn(input.Schema, name) : null;
        var config = label is null ? checkpoint.Config : ClassificationTask.ConfigFor(checkpoint.Config, label);
        var settings = SettingsFor(input.Schema, label?.Labels ?? LabelSet.FromNames(config.LabelNames));
        var device = PerceiverOptions.Choose(_options.Device, _host);
        var rows = _options.Training is { } training ? VideoRows.Read(input, _options, training, new VideoReader(settings, _extents), label) : default;
        var (model, report) = checkpoint.Load(
            c => new PerceiverForMultimodalAutoencoding(c, initialize: false), config, newHead: label is not null, _options.Training?.Seed ?? 0, _options.LoadingPrecision(_options.Training));
        PerceiverTrainingResult? result = null;
        try
        {
            CheckpointLog.Write(_host, checkpoint, report);
            if (_options.Training is { } options)
            {
                model.to(device);
                result = StageTraining.Execute(_host, new PerceiverAutoencodingObjective(model, [.. rows.Training], [.. rows.Validation], options, _options.Autoencoding), options);
            }
        }
        catch
        {
            model.Dispose();
            throw;
        }

        return new PerceiverMultimodalTransformer(_host, model, settings, _options.Device, result);
    }

    private MultimodalSettings SettingsFor(DataViewSchema schema, LabelSet labels)
    {
        var settings = new MultimodalSettings(_options, labels);
        settings = settings with { FrameCount = new VideoReader(settings, _extents).FrameCountIn(schema) };
        foreach (var column in new VideoReader(settings, _extents).Inputs)
            column.In(schema);
        return settings;
    }

    private LabelReader LabelIn(DataViewSchema schema, string name)
    {
        var label = LabelReader.For(schema, name);
        RequireKey(label.Problem);
        return label;
    }

    private void RequireKey(PerceiverProblemType problem)
    {
        if (problem != PerceiverProblemType.SingleLabel)
            throw StageErrors.Mistyped(_options.LabelColumnName!, "a key (classes)", $"that of {problem}");
    }
}
