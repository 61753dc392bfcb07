using Microsoft.ML.Runtime;
using TorchSharp;

namespace Microsoft.ML.Perceiver;

/// <summary>Finds how the pixels of a frame move to the next one with a Perceiver.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// To create this estimator use
/// [PerceiverOpticalFlow](xref:Microsoft.ML.PerceiverCatalog.PerceiverOpticalFlow(Microsoft.ML.TransformsCatalog,Microsoft.ML.Perceiver.PerceiverOpticalFlowOptions)).
///
/// ### Input and output columns
/// | Column | Type | What it is |
/// | -- | -- | -- |
/// | `FirstImageColumnName`, `SecondImageColumnName` | MLImage | two frames of one size, which may differ from row to row |
/// | `LabelColumnName` | vector of Single | read by training only: the true flow, height x width x 2; not a number where it is unknown |
/// | `FlowColumnName` | vector of Single | for each pixel of the first frame, row by row, how far it moves to the right (u) and down (v), in pixels |
/// | `HeightColumnName`, `WidthColumnName` | Int32 | the flow's size, which is the frames' |
/// | `FlowImageColumnName` | MLImage | with a name set: the flow in the colours of Middlebury's wheel |
///
/// ### Estimator Characteristics
/// | | |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | With `Training` set |
/// | Input column data type | MLImage |
/// | Output column data type | vector of Single, Int32, MLImage |
/// | Required NuGet in addition to Microsoft.ML | Microsoft.ML.Perceiver and TorchSharp-cpu, or a TorchSharp-cuda package |
/// | Exportable to ONNX | No |
///
/// ### Scoring
/// The model is Hugging Face's `PerceiverForOpticalFlow` (A. Jaegle et al., Perceiver IO, ICLR 2022). Frames are cut into tiles of the size that it
/// was trained at, which overlap by 20 pixels at least and are blended; smaller frames are stretched to a tile and the flow is scaled back. Training
/// minimises the mean end-point error.
/// ]]></format>
/// </remarks>
/// <seealso cref="PerceiverCatalog"/>
public sealed class PerceiverOpticalFlowEstimator : IEstimator<PerceiverOpticalFlowTransformer>
{
    private readonly IHost _host;
    private readonly PerceiverOpticalFlowOptions _options;

    internal PerceiverOpticalFlowEstimator(IHostEnvironment environment, PerceiverOpticalFlowOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _host = environment.Register(nameof(PerceiverOpticalFlowEstimator));
        _options = options.Copy<PerceiverOpticalFlowOptions>();
    }

    /// <summary>The columns that <see cref="Fit"/>'s transformer adds.</summary>
    /// <param name="inputSchema">The input's columns.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        foreach (var input in Read)
            input.CheckIn(inputSchema);
        return OutputColumn.AddTo(
            inputSchema, FlowColumns.Of(_options.FlowColumnName, _options.HeightColumnName, _options.WidthColumnName, _options.FlowImageColumnName));
    }

    /// <summary>Loads the checkpoint, and trains it on the data where training is asked for.</summary>
    /// <param name="input">The training data; without training, only its schema is looked at.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    /// <exception cref="ArgumentException">The checkpoint is of no model of optical flow, or the options do not suit it.</exception>
    /// <exception cref="InvalidOperationException">A row is at fault (its number is given), or the training diverged.</exception>
    /// <exception cref="FormatException">The checkpoint is damaged, or another model's.</exception>
    /// <exception cref="OperationCanceledException">The training was cancelled before its first epoch was done.</exception>
    public PerceiverOpticalFlowTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        foreach (var column in Read)
            column.In(input.Schema);
        var training = _options.Training;
        // Only a training may start from random weights, which then are such as learn well.
        var checkpoint = _options.Checkpoint ?? PerceiverCheckpoint.FromConfig(PerceiverPresets.SmallFlow, training!.Seed, PerceiverInitialization.LocalFlow);
        if (checkpoint.Config.Architectures is [not nameof(PerceiverForOpticalFlow) and var other, ..])
            throw new ArgumentException($"The checkpoint {checkpoint.Source} is of {other}, not of {nameof(PerceiverForOpticalFlow)}.");
        var flow = _options.FlowFor(checkpoint);
        var device = PerceiverOptions.Choose(_options.Device, _host);
        var rows = training is null ? default : new FlowReader(_options).Read(input);
        var (model, report) = checkpoint.Load(c => new PerceiverForOpticalFlow(c, initialize: false), precision: _options.LoadingPrecision(training));
        try
        {
            CheckpointLog.Write(_host, checkpoint, report);
            PerceiverTrainingResult? result = null;
            if (training is not null)
            {
                model.to(device);
                result = StageTraining.Execute(
                    _host, new PerceiverOpticalFlowObjective(model, rows.Training, rows.Validation, flow, _options.Augmentation, _options.PixelsPerExample), training);
            }

            return new PerceiverOpticalFlowTransformer(_host, model, new OpticalFlowSettings(_options, flow), _options.Device, result);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private IEnumerable<InputColumn> Read =>
        _options.Training is null ? _options.Inputs : _options.Inputs.Append(FlowReader.FlowColumn(_options.LabelColumnName));
}
