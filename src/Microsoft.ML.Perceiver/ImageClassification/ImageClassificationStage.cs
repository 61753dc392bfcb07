global using ImageClassificationContent = Microsoft.ML.Perceiver.StageContent<
    Microsoft.ML.Perceiver.PerceiverImageClassificationOptions,
    Microsoft.ML.Perceiver.ImageClassificationFound,
    Microsoft.ML.Perceiver.PerceiverForImageClassification>;

namespace Microsoft.ML.Perceiver;

/// <summary>Images to scores.</summary>
internal sealed class ImageClassificationStage(ImageClassificationContent content)
    : ImageStage<PerceiverForImageClassification, PerceiverImageClassificationOptions>(
        content.Model, content.Model.Perceiver, content.Options, content.Found.ImageProcessor, content.Model.GetType().Name)
{
    public override IReadOnlyList<OutputColumn<float[]>> Outputs { get; } =
        ClassificationColumns.Of(content.Options, content.Found.Problem, content.Found.Labels);

    internal override float[][] Score(IReadOnlyList<ImageInput> window) => Runner.Infer(window, pixels =>
        ClassificationColumns.Scores(
            Runner.Model.forward(pixels, outputAttentions: false, outputHiddenStates: false).Logits,
            content.Found.Problem,
            content.Model.Config));
}

/// <summary>What fitting an image classification finds out.</summary>
/// <param name="ImageProcessor">The text of its <c>preprocessor_config.json</c>.</param>
/// <param name="Problem">The problem.</param>
/// <param name="Labels">The labels.</param>
internal sealed record ImageClassificationFound(string ImageProcessor, PerceiverProblemType Problem, LabelSet Labels) : IFound
{
    public void Check(PerceiverConfig config)
    {
        FoundChecks.RequireImageProcessor(ImageProcessor);
        FoundChecks.RequireProblem(Problem);
        FoundChecks.RequireLabels(Labels, config);
    }
}
