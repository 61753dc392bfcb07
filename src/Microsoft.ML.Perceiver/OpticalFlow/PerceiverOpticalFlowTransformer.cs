using Microsoft.ML;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(ITransformer), typeof(PerceiverOpticalFlowTransformer), null, typeof(SignatureLoadModel),
    "Perceiver optical flow", PerceiverOpticalFlowTransformer.LoaderSignature)]

namespace Microsoft.ML.Perceiver;

/// <summary>Finds how the pixels of a frame move with a Perceiver. See <see cref="PerceiverOpticalFlowEstimator"/>.</summary>
public sealed class PerceiverOpticalFlowTransformer : PerceiverTransformer<PerceiverForOpticalFlow>
{
    internal const string LoaderSignature = "PerceiverFlow";

    internal static readonly StageFile<PerceiverOpticalFlowOptions, OpticalFlowFound, PerceiverForOpticalFlow> File =
        new("PCVRFLOW", LoaderSignature, (config, _) => new PerceiverForOpticalFlow(config, initialize: false));

    internal PerceiverOpticalFlowTransformer(IHostEnvironment environment, OpticalFlowContent content)
        : base(environment, content, new OpticalFlowStage(content)) => Flow = content.Found.Flow;

    /// <summary>How frames of any size become flow.</summary>
    public PerceiverOpticalFlowPredictorOptions Flow { get; }

    /// <summary>As <see cref="PerceiverTransformer.SavePretrained"/>, with another way of computing flow than this one's own.</summary>
    /// <param name="directory">The folder; it is made where it is missing.</param>
    /// <param name="precision">The number format of the weights in the file.</param>
    /// <param name="flow">How the checkpoint wants its flow computed.</param>
    /// <exception cref="ArgumentOutOfRangeException">One of these settings is out of range.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    public void SavePretrained(string directory, PerceiverPrecision precision, PerceiverOpticalFlowPredictorOptions flow)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        ArgumentNullException.ThrowIfNull(flow);
        flow.Validate();
        using var use = BeginUse();
        Model.WriteFolder(
            directory, precision, PerceiverPreTrainedModel.DefaultMaxShardSize, OpticalFlowRunner.InputsOf(flow).Files());
    }

    // Found by ML.NET when it loads a model.
    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx) =>
        File.Read(env, ctx, content => new PerceiverOpticalFlowTransformer(env, content));
}
