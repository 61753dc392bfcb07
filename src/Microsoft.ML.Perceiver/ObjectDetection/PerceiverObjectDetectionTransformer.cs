using Microsoft.ML;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(ITransformer), typeof(PerceiverObjectDetectionTransformer), null, typeof(SignatureLoadModel),
    "Perceiver object detection", PerceiverObjectDetectionTransformer.LoaderSignature)]

namespace Microsoft.ML.Perceiver;

/// <summary>Finds objects in images with a Perceiver. See <see cref="PerceiverObjectDetectionEstimator"/>.</summary>
public sealed class PerceiverObjectDetectionTransformer : PerceiverTransformer<PerceiverForObjectDetection>
{
    internal const string LoaderSignature = "PerceiverObjects";

    internal static readonly StageFile<PerceiverObjectDetectionOptions, ObjectDetectionFound, PerceiverForObjectDetection> File =
        new("PCVROBJD", LoaderSignature, (config, _) => new PerceiverForObjectDetection(config, initialize: false));

    internal PerceiverObjectDetectionTransformer(IHostEnvironment environment, ObjectDetectionContent content)
        : base(environment, content, new ObjectDetectionStage(content))
    {
        ImageProcessor = new PerceiverImageProcessor(PerceiverImageProcessorOptions.FromJson(content.Found.ImageProcessor));
        Labels = content.Found.Labels.Names;
    }

    /// <summary>The image processor that images go through.</summary>
    public PerceiverImageProcessor ImageProcessor { get; }

    /// <summary>The labels in the order of the keys.</summary>
    public IReadOnlyList<string> Labels { get; }

    // Found by ML.NET when it loads a model.
    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx) =>
        File.Read(env, ctx, content => new PerceiverObjectDetectionTransformer(env, content));
}
