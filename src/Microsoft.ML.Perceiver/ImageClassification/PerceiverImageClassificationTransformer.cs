using Microsoft.ML;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(ITransformer), typeof(PerceiverImageClassificationTransformer), null, typeof(SignatureLoadModel),
    "Perceiver image classification", PerceiverImageClassificationTransformer.LoaderSignature)]

namespace Microsoft.ML.Perceiver;

/// <summary>Classifies pictures, or gives them numbers, with a Perceiver. See <see cref="PerceiverImageClassificationEstimator"/>.</summary>
public sealed class PerceiverImageClassificationTransformer : PerceiverTransformer
{
    internal const string LoaderSignature = "PerceiverImageClass";
    private const string Magic = "PCVRIMCL";
    private readonly ImageRunner<PerceiverForImageClassification> _model;
    private readonly ImageClassificationSettings _settings;

    internal PerceiverImageClassificationTransformer(
        IHostEnvironment environment, PerceiverForImageClassification model, ImageClassificationSettings settings, string? device, PerceiverTrainingResult? training)
        : base(environment, nameof(PerceiverImageClassificationTransformer))
    {
        _model = new ImageRunner<PerceiverForImageClassification>(environment, model, model.Perceiver, settings, device);
        _settings = settings;
        TrainingResult = training;
        Stage = new ImageClassificationStage(_model, settings);
    }

    /// <summary>The model itself. It belongs to the transformer.</summary>
    public PerceiverForImageClassification Model => _model.Model;

    /// <summary>The image processor that pictures go through.</summary>
    public PerceiverImageProcessor ImageProcessor => _model.Processor;

    /// <summary>The labels in the order of the scores.</summary>
    public IReadOnlyList<string> Labels => _settings.Labels.Names;

    /// <summary>How the training went; null for a model that was not trained here.</summary>
    public PerceiverTrainingResult? TrainingResult { get; }

    private protected override IBatchStage Stage { get; }

    private protected override void WritePretrained(string directory, PerceiverPrecision precision) => _model.SavePretrained(directory, precision);

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
        var (settings, model) = ModelEntries.Read<ImageClassificationSettings, PerceiverForImageClassification>(
            ctx, (_, c) => PerceiverForImageClassification.Create(c, initialize: false));
        return new PerceiverImageClassificationTransformer(env, model, settings, device: null, training: null);
    }
}
