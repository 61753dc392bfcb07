using Microsoft.ML;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(ITransformer), typeof(PerceiverImageClassificationTransformer), null, typeof(SignatureLoadModel),
    "Perceiver image classification", PerceiverImageClassificationTransformer.LoaderSignature)]

namespace Microsoft.ML.Perceiver;

/// <summary>Classifies images, or gives them numbers, with a Perceiver. See <see cref="PerceiverImageClassificationEstimator"/>.</summary>
public sealed class PerceiverImageClassificationTransformer : PerceiverTransformer<PerceiverForImageClassification>
{
    internal const string LoaderSignature = "PerceiverImageClass";

    internal static readonly StageFile<
        PerceiverImageClassificationOptions, ImageClassificationFound, PerceiverForImageClassification> File = new(
            "PCVRIMCL", LoaderSignature, (config, _) => PerceiverForImageClassification.Create(config, initialize: false));

    internal PerceiverImageClassificationTransformer(IHostEnvironment environment, ImageClassificationContent content)
        : base(environment, content, new ImageClassificationStage(content))
    {
        ImageProcessor = new PerceiverImageProcessor(PerceiverImageProcessorOptions.FromJson(content.Found.ImageProcessor));
        Labels = content.Found.Labels.Names;
    }

    /// <summary>The image processor that images go through.</summary>
    public PerceiverImageProcessor ImageProcessor { get; }

    /// <summary>The labels in the order of the scores.</summary>
    public IReadOnlyList<string> Labels { get; }

    // Found by ML.NET when it loads a model.
    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx) =>
        File.Read(env, ctx, content => new PerceiverImageClassificationTransformer(env, content));
}
