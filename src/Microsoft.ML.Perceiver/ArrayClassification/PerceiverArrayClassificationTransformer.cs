using Microsoft.ML;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(ITransformer), typeof(PerceiverArrayClassificationTransformer), null, typeof(SignatureLoadModel),
    "Perceiver array classification", PerceiverArrayClassificationTransformer.LoaderSignature)]

namespace Microsoft.ML.Perceiver;

/// <summary>Classifies arrays, or gives them numbers, with a Perceiver. See <see cref="PerceiverArrayClassificationEstimator"/>.</summary>
public sealed class PerceiverArrayClassificationTransformer : PerceiverTransformer<PerceiverForArray>
{
    internal const string LoaderSignature = "PerceiverArrayClass";

    internal static readonly StageFile<PerceiverArrayClassificationOptions, ArrayClassificationFound, PerceiverForArray> File = new(
        "PCVRARCL", LoaderSignature, (config, _) => new PerceiverForArray(config, initialize: false));

    internal PerceiverArrayClassificationTransformer(IHostEnvironment environment, ArrayClassificationContent content)
        : base(environment, content, new ArrayClassificationStage(content)) => Labels = content.Found.Labels.Names;

    /// <summary>The labels in the order of the model's outputs.</summary>
    public IReadOnlyList<string> Labels { get; }

    // Found by ML.NET when it loads a model.
    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx) =>
        File.Read(env, ctx, content => new PerceiverArrayClassificationTransformer(env, content));
}
