using Microsoft.ML;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(ITransformer), typeof(PerceiverFeaturesTransformer), null, typeof(SignatureLoadModel),
    "Perceiver features", PerceiverFeaturesTransformer.LoaderSignature)]

namespace Microsoft.ML.Perceiver;

/// <summary>Turns texts, or images, into the latents of a Perceiver. See <see cref="PerceiverFeaturesEstimator"/>.</summary>
public sealed class PerceiverFeaturesTransformer : PerceiverTransformer<PerceiverModel>
{
    internal const string LoaderSignature = "PerceiverFeatures";

    internal static readonly StageFile<PerceiverFeaturesOptions, FeaturesFound, PerceiverModel> File =
        new("PCVRFEAT", LoaderSignature, CreateModel);

    internal PerceiverFeaturesTransformer(IHostEnvironment environment, FeaturesContent content)
        : base(environment, content, CreateStage(content))
    {
    }

    private static IModelStage<PerceiverModel> CreateStage(FeaturesContent content)
    {
        bool readsImages = content.Found.MaxLength is null;
        if (readsImages != content.Options.ImageColumnName is not null)
            throw new ArgumentException("ImageColumnName is needed by a model of images, and not for one of texts.");
        return readsImages ? new ImageFeaturesStage(content) : new TextFeaturesStage(content);
    }

    // The encoder of a model with its preprocessor.
    private static PerceiverModel CreateModel(PerceiverConfig config, FeaturesFound found)
    {
        if (found.Architecture is { } architecture)
            config = config with { Architectures = [architecture] };
        PerceiverPreprocessor preprocessor = found.Architecture is null
            ? new PerceiverTextPreprocessor(config)
            : PerceiverForImageClassification.CreatePreprocessor(config);
        return new PerceiverModel(config, inputPreprocessor: preprocessor, initialize: false);
    }

    // Found by ML.NET when it loads a model.
    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx) =>
        File.Read(env, ctx, content => new PerceiverFeaturesTransformer(env, content));
}
