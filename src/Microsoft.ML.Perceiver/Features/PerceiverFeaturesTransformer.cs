using Microsoft.ML;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(ITransformer), typeof(PerceiverFeaturesTransformer), null, typeof(SignatureLoadModel),
    "Perceiver features", PerceiverFeaturesTransformer.LoaderSignature)]

namespace Microsoft.ML.Perceiver;

/// <summary>Turns texts, or pictures, into the latents of a Perceiver. See <see cref="PerceiverFeaturesEstimator"/>.</summary>
public sealed class PerceiverFeaturesTransformer : PerceiverTransformer
{
    internal const string LoaderSignature = "PerceiverFeatures";
    private const string Magic = "PCVRFEAT";
    private readonly ModelRunner<PerceiverModel> _model;
    private readonly FeaturesSettings _settings;
    private readonly Action<string, PerceiverPrecision> _savePretrained;

    internal PerceiverFeaturesTransformer(IHostEnvironment environment, PerceiverModel model, FeaturesSettings settings, string? device)
        : base(environment, nameof(PerceiverFeaturesTransformer))
    {
        _settings = settings;
        if (settings.Image is { } image)
        {
            var images = new ImageRunner<PerceiverModel>(environment, model, model, image, device);
            (_model, Stage) = (images, new ImageFeaturesStage(images, settings));
            _savePretrained = images.SavePretrained;
            return;
        }

        var texts = new TextRunner<PerceiverModel>(environment, model, settings.Text!, device);
        (_model, Stage) = (texts, new TextFeaturesStage(texts, settings));
        _savePretrained = texts.SavePretrained;
    }

    /// <summary>The encoder with its preprocessor. It belongs to the transformer.</summary>
    public PerceiverModel Model => _model.Model;

    private protected override IBatchStage Stage { get; }

    /// <summary>The encoder of a model, without weights.</summary>
    internal static PerceiverModel CreateModel(FeaturesSettings settings, PerceiverConfig config) =>
        new(config, inputPreprocessor: settings.Image is { } image ? PerceiverForImageClassification.CreatePreprocessor(config with { Architectures = [image.Architecture] }) : new PerceiverTextPreprocessor(config), initialize: false);

    private protected override void WritePretrained(string directory, PerceiverPrecision precision) => _savePretrained(directory, precision);

    private protected override void Save(ModelSaveContext context)
    {
        MlNetInternals.WriteHeader(context, Magic, LoaderSignature);
        ModelEntries.Write(context, _settings, _settings.Text?.WeightsFile ?? _settings.Image?.WeightsFile, _model.Model);
    }

    private protected override void ReleaseModel() => _model.Dispose();

    // Called by ML.NET when it loads a model; it looks for this very return type.
#pragma warning disable CA1859
    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx)
#pragma warning restore CA1859
    {
        MlNetInternals.CheckHeader(ctx, Magic, LoaderSignature);
        var (settings, model) = ModelEntries.Read<FeaturesSettings, PerceiverModel>(ctx, CreateModel);
        return new PerceiverFeaturesTransformer(env, model, settings, device: null);
    }
}
