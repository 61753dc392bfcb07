using Microsoft.ML;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(ITransformer), typeof(PerceiverTextClassificationTransformer), null, typeof(SignatureLoadModel),
    "Perceiver text classification", PerceiverTextClassificationTransformer.LoaderSignature)]

namespace Microsoft.ML.Perceiver;

/// <summary>Classifies texts, or gives them numbers, with a Perceiver. See <see cref="PerceiverTextClassificationEstimator"/>.</summary>
public sealed class PerceiverTextClassificationTransformer : PerceiverTransformer<PerceiverForSequenceClassification>
{
    internal const string LoaderSignature = "PerceiverTextClass";

    internal static readonly StageFile<
        PerceiverTextClassificationOptions, TextLabelsFound, PerceiverForSequenceClassification> File = new(
            "PCVRTXCL", LoaderSignature, (config, _) => new PerceiverForSequenceClassification(config, initialize: false));

    internal PerceiverTextClassificationTransformer(IHostEnvironment environment, TextClassificationContent content)
        : base(environment, content, new TextClassificationStage(content)) => Labels = content.Found.Labels.Names;

    /// <summary>The labels in the order of the scores.</summary>
    public IReadOnlyList<string> Labels { get; }

    // Found by ML.NET when it loads a model.
    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx) =>
        File.Read(env, ctx, content => new PerceiverTextClassificationTransformer(env, content));
}
