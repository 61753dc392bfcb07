using Microsoft.ML;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(ITransformer), typeof(PerceiverMultimodalTransformer), null, typeof(SignatureLoadModel),
    "Perceiver multimodal", PerceiverMultimodalTransformer.LoaderSignature)]

namespace Microsoft.ML.Perceiver;

/// <summary>Gives videos and their audio back, and classifies them. See <see cref="PerceiverMultimodalEstimator"/>.</summary>
public sealed class PerceiverMultimodalTransformer : PerceiverTransformer<PerceiverForMultimodalAutoencoding>
{
    internal const string LoaderSignature = "PerceiverMultimodal";

    internal static readonly StageFile<PerceiverMultimodalOptions, MultimodalFound, PerceiverForMultimodalAutoencoding> File =
        new("PCVRMULT", LoaderSignature, (config, _) => new PerceiverForMultimodalAutoencoding(config, initialize: false));

    internal PerceiverMultimodalTransformer(IHostEnvironment environment, MultimodalContent content)
        : base(environment, content, new MultimodalStage(content)) => Labels = content.Found.Labels.Names;

    /// <summary>The labels in the order of the scores.</summary>
    public IReadOnlyList<string> Labels { get; }

    // Found by ML.NET when it loads a model.
    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx) =>
        File.Read(env, ctx, content => new PerceiverMultimodalTransformer(env, content));
}
