using Microsoft.ML;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(ITransformer), typeof(PerceiverOpticalFlowTransformer), null, typeof(SignatureLoadModel),
    "Perceiver optical flow", PerceiverOpticalFlowTransformer.LoaderSignature)]

namespace Microsoft.ML.Perceiver;

/// <summary>Finds how the pixels of a frame move with a Perceiver. See <see cref="PerceiverOpticalFlowEstimator"/>.</summary>
public sealed class PerceiverOpticalFlowTransformer : PerceiverTransformer
{
    internal const string LoaderSignature = "PerceiverFlow";
    private const string Magic = "PCVRFLOW";
    private readonly OpticalFlowRunner _model;
    private readonly OpticalFlowSettings _settings;

    internal PerceiverOpticalFlowTransformer(
        IHostEnvironment environment, PerceiverForOpticalFlow model, OpticalFlowSettings settings, string? device, PerceiverTrainingResult? training)
        : base(environment, nameof(PerceiverOpticalFlowTransformer))
    {
        _model = new OpticalFlowRunner(environment, model, settings, device);
        _settings = settings;
        TrainingResult = training;
        Stage = new OpticalFlowStage(_model, settings);
    }

    /// <summary>The model itself. It belongs to the transformer.</summary>
    public PerceiverForOpticalFlow Model => _model.Model;

    /// <summary>How frames of any size become flow.</summary>
    public PerceiverOpticalFlowPredictorOptions Flow => _settings.Flow;

    /// <summary>How the training went; null for a model that was not trained here.</summary>
    public PerceiverTrainingResult? TrainingResult { get; }

    private protected override IBatchStage Stage { get; }

    /// <summary>As <see cref="PerceiverTransformer.SavePretrained"/>, with another way of computing flow than this transformer's own.</summary>
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
        CheckAlive();
        _model.SavePretrained(directory, precision, flow);
    }

    private protected override void WritePretrained(string directory, PerceiverPrecision precision) => _model.SavePretrained(directory, precision, Flow);

    private protected override void Save(ModelSaveContext context)
    {
        MlNetInternals.WriteHeader(context, Magic, LoaderSignature);
        ModelEntries.Write(context, _settings, _settings.WeightsFile, _model.Model);
    }

    private protected override void ReleaseModel() => _model.Dispose();

    // Called by ML.NET when it loads a model; it looks for this very return type.
#pragma warning disable CA1859
    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx)
#pragma warning restore CA1859
    {
        MlNetInternals.CheckHeader(ctx, Magic, LoaderSignature);
        var (settings, model) = ModelEntries.Read<OpticalFlowSettings, PerceiverForOpticalFlow>(ctx, (_, c) => new PerceiverForOpticalFlow(c, initialize: false));
        return new PerceiverOpticalFlowTransformer(env, model, settings, device: null, training: null);
    }
}
