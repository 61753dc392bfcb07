using Microsoft.ML;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(ITransformer), typeof(PerceiverFeaturesTransformer), null, typeof(SignatureLoadModel),
    "Perceiver features", PerceiverFeaturesTransformer.LoaderSignature)]

namespace Microsoft.ML.Perceiver;

/// <summary>Turns texts into the latents of a Perceiver. See <see cref="PerceiverFeaturesEstimator"/>.</summary>
public sealed class PerceiverFeaturesTransformer : PerceiverTransformer
{
    internal const string LoaderSignature = "PerceiverFeatures";
    private const string Magic = "PCVRFEAT";
    private readonly TextModel<PerceiverModel> _model;
    private readonly FeaturesSettings _settings;

    internal PerceiverFeaturesTransformer(IHostEnvironment environment, TextModel<PerceiverModel> model, FeaturesSettings settings)
        : base(environment, nameof(PerceiverFeaturesTransformer))
    {
        _model = model;
        _settings = settings;
        Stage = new FeaturesStage(model, settings);
    }

    /// <summary>The encoder with its preprocessor. It belongs to the transformer.</summary>
    public PerceiverModel Model => _model.Model;

    private protected override IBatchStage Stage { get; }

    /// <summary>The encoder of a text model, without weights.</summary>
    internal static PerceiverModel CreateModel(PerceiverConfig config) =>
        new(config, inputPreprocessor: new PerceiverTextPreprocessor(config), initialize: false);

    private protected override void Save(ModelSaveContext context)
    {
        MlNetInternals.WriteHeader(context, Magic, LoaderSignature);
        ModelEntries.Write(context, _settings, _model.Model);
    }

    private protected override void ReleaseModel() => _model.Dispose();

    // Called by ML.NET when it loads a model; it looks for this very return type.
#pragma warning disable CA1859
    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx)
#pragma warning restore CA1859
    {
        MlNetInternals.CheckHeader(ctx, Magic, LoaderSignature);
        var (settings, model) = ModelEntries.Read<FeaturesSettings, PerceiverModel>(ctx, CreateModel);
        return new PerceiverFeaturesTransformer(
            env, new TextModel<PerceiverModel>(env, model, settings, device: null), settings);
    }
}
