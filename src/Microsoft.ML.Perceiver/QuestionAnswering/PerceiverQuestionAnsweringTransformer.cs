using Microsoft.ML;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(ITransformer), typeof(PerceiverQuestionAnsweringTransformer), null, typeof(SignatureLoadModel),
    "Perceiver question answering", PerceiverQuestionAnsweringTransformer.LoaderSignature)]

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Finds the answer to a question in its context with a Perceiver. See <see cref="PerceiverQuestionAnsweringEstimator"/>.
/// </summary>
public sealed class PerceiverQuestionAnsweringTransformer : PerceiverTransformer<PerceiverForQuestionAnswering>
{
    internal const string LoaderSignature = "PerceiverQuestion";

    internal static readonly StageFile<PerceiverQuestionAnsweringOptions, TextFound, PerceiverForQuestionAnswering> File =
        new("PCVRQANS", LoaderSignature, (config, _) => new PerceiverForQuestionAnswering(config, initialize: false));

    internal PerceiverQuestionAnsweringTransformer(IHostEnvironment environment, QuestionAnsweringContent content)
        : base(environment, content, new QuestionAnsweringStage(content))
    {
    }

    // Found by ML.NET when it loads a model.
    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx) =>
        File.Read(env, ctx, content => new PerceiverQuestionAnsweringTransformer(env, content));
}
