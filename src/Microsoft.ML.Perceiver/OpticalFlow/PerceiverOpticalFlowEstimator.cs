using Microsoft.ML.Runtime;

namespace Microsoft.ML.Perceiver;

/// <summary>Finds how the pixels of a frame move to the next one with a Perceiver.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// To create this estimator use
/// [PerceiverOpticalFlow](xref:Microsoft.ML.PerceiverCatalog.PerceiverOpticalFlow*).
///
/// ### Input and output columns
/// | Column | Type | What it is |
/// | -- | -- | -- |
/// | `FirstImageColumnName`, `SecondImageColumnName` | MLImage, or a file (`LoadRawImageBytes`) | two frames, in each row of one size |
/// | `LabelColumnName` | vector of Single | read by training only: the true flow, height x width x 2; not a number where it is unknown |
/// | `FlowColumnName` | vector of Single | for each pixel of the first frame, how far it moves to the right (u) and down (v), in pixels |
/// | `HeightColumnName`, `WidthColumnName` | Int32 | the flow's size, which is the frames' |
/// | `FlowImageColumnName` | MLImage | with a name set: the flow in the colours of Middlebury's wheel |
///
/// ### Estimator Characteristics
/// | | |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | With `Training` set |
/// | Input column data type | MLImage, vector of Byte |
/// | Output column data type | vector of Single, Int32, MLImage |
/// | Required NuGet in addition to Microsoft.ML | Microsoft.ML.Perceiver and TorchSharp-cpu, or a TorchSharp-cuda package |
/// | Exportable to ONNX | By `SaveAsOnnx` of Microsoft.ML.Perceiver.Onnx |
///
/// ### Scoring
/// The model is Hugging Face's `PerceiverForOpticalFlow` (A. Jaegle et al., Perceiver IO, ICLR 2022). Frames are cut into tiles of the size
/// that it was trained at, which overlap by 20 pixels at least and are blended; smaller frames are stretched to a tile and the flow is
/// scaled back. Training minimises the mean end-point error.
/// ]]></format>
/// </remarks>
/// <seealso cref="PerceiverCatalog"/>
public sealed class PerceiverOpticalFlowEstimator : PerceiverEstimator<PerceiverOpticalFlowTransformer, PerceiverOpticalFlowOptions>
{
    internal PerceiverOpticalFlowEstimator(IHostEnvironment environment, PerceiverOpticalFlowOptions options) : base(environment, options)
    {
    }

    private protected override IReadOnlyList<InputColumn> LabelInputs => [FlowReader.FlowColumn(Options.LabelColumnName)];

    private protected override IReadOnlyList<OutputColumn> OutputsFor(SchemaShape inputSchema) => FlowColumns.Of(Options);

    private protected override PerceiverOpticalFlowTransformer FitTo(IDataView input)
    {
        // Random weights that learn well.
        var checkpoint = Options.CheckpointOr(PerceiverPresets.SmallFlow, PerceiverInitialization.LocalFlow);
        var flow = Options.FlowFor(checkpoint);
        return Fit(
            PerceiverOpticalFlowTransformer.File,
            checkpoint,
            new OpticalFlowFound(flow),
            _ =>
            {
                var (train, validation) = new FlowReader(Options).Read(input);
                return model => new PerceiverOpticalFlowObjective(
                    model, train, validation, flow, Options.Augmentation, Options.PixelsPerExample);
            },
            content => new PerceiverOpticalFlowTransformer(Host, content));
    }
}
