using Microsoft.ML;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(ITransformer), typeof(PerceiverTokenClassificationTransformer), null, typeof(SignatureLoadModel),
    "Perceiver token classification", PerceiverTokenClassificationTransformer.LoaderSignature)]

namespace Microsoft.ML.Perceiver;

/// <summary>Gives every word of a text a label with a Perceiver. See <see cref="PerceiverTokenClassificationEstimator"/>.</summary>
public sealed class PerceiverTokenClassificationTransformer : PerceiverTransformer<PerceiverForTokenClassification>
{
    internal const string LoaderSignature = "PerceiverTokenClass";

    internal static readonly StageFile<PerceiverTokenClassificationOptions, TextLabelsFound, PerceiverForTokenClassification> File =
        new("PCVRTKCL", LoaderSignature, (config, _) => new PerceiverForTokenClassification(config, initialize: false));

    internal PerceiverTokenClassificationTransformer(IHostEnvironment environment, TokenClassificationContent content)
        : base(environment, content, new TokenClassificationStage(content)) => Labels = content.Found.Labels.Names;

    /// <summary>The labels in the order of the keys.</summary>
    public IReadOnlyList<string> Labels { get; }

    // Found by ML.NET when it loads a model.
    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx) =>
        File.Read(env, ctx, content => new PerceiverTokenClassificationTransformer(env, content));
}
