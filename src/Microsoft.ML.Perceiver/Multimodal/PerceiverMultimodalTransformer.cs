using Microsoft.ML;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(ITransformer), typeof(PerceiverMultimodalTransformer), null, typeof(SignatureLoadModel),
    "Perceiver multimodal", PerceiverMultimodalTransformer.LoaderSignature)]

namespace Microsoft.ML.Perceiver;

/// <summary>Gives videos and their sound back, and classifies them. See <see cref="PerceiverMultimodalEstimator"/>.</summary>
public sealed class PerceiverMultimodalTransformer : PerceiverTransformer
{
    internal const string LoaderSignature = "PerceiverMultimodal";
    private const string Magic = "PCVRMULT";
    private readonly MultimodalRunner _model;
    private readonly MultimodalSettings _settings;

    internal PerceiverMultimodalTransformer(
        IHostEnvironment environment, PerceiverForMultimodalAutoencoding model, MultimodalSettings settings, string? device, PerceiverTrainingResult? training)
        : base(environment, nameof(PerceiverMultimodalTransformer))
    {
        _model = new MultimodalRunner(environment, model, settings, device);
        _settings = settings;
        TrainingResult = training;
        Stage = new MultimodalStage(_model, settings);
    }

    /// <summary>The model itself. It belongs to the transformer.</summary>
    public PerceiverForMultimodalAutoencoding Model => _model.Model;

    /// <summary>The labels in the order of the scores.</summary>
    public IReadOnlyList<string> Labels => _settings.Labels.Names;

    /// <summary>How the training went; null for a model that was not trained here.</summary>
    public PerceiverTrainingResult? TrainingResult { get; }

    private protected override IBatchStage Stage { get; }

    private protected override void WritePretrained(string directory, PerceiverPrecision precision) => _model.Model.SavePretrained(directory, precision);

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
        var (settings, model) = ModelEntries.Read<MultimodalSettings, PerceiverForMultimodalAutoencoding>(
            ctx, (_, c) => new PerceiverForMultimodalAutoencoding(c, initialize: false));
        return new PerceiverMultimodalTransformer(env, model, settings, device: null, training: null);
    }
}
