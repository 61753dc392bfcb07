using Microsoft.ML;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(ITransformer), typeof(PerceiverFillMaskTransformer), null, typeof(SignatureLoadModel),
    "Perceiver fill-mask", PerceiverFillMaskTransformer.LoaderSignature)]

namespace Microsoft.ML.Perceiver;

/// <summary>Fills the masked bytes of texts with a Perceiver. See <see cref="PerceiverFillMaskEstimator"/>.</summary>
public sealed class PerceiverFillMaskTransformer : PerceiverTransformer<PerceiverForMaskedLM>
{
    internal const string LoaderSignature = "PerceiverFillMask";

    internal static readonly StageFile<PerceiverFillMaskOptions, FillMaskFound, PerceiverForMaskedLM> File =
        new("PCVRFILL", LoaderSignature, (config, _) => new PerceiverForMaskedLM(config, initialize: false));

    internal PerceiverFillMaskTransformer(IHostEnvironment environment, FillMaskContent content)
        : base(environment, content, new FillMaskStage(content))
    {
    }

    // Found by ML.NET when it loads a model.
    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx) =>
        File.Read(env, ctx, content => new PerceiverFillMaskTransformer(env, content));
}
