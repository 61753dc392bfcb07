global using ImageClassificationContent = Microsoft.ML.Perceiver.StageContent<
    Microsoft.ML.Perceiver.PerceiverImageClassificationOptions,
    Microsoft.ML.Perceiver.ImageClassificationFound,
    Microsoft.ML.Perceiver.PerceiverForImageClassification>;

namespace Microsoft.ML.Perceiver;

/// <summary>Images to scores.</summary>
internal sealed class ImageClassificationStage(ImageClassificationContent content)
    : ImageStage<PerceiverForImageClassification, PerceiverImageClassificationOptions>(
        content.Model, content.Model.Perceiver, content.Options, content.Found.ImageProcessor)
{
    private readonly ClassificationColumns _columns =
        new(content.Options, content.Found.Problem, content.Found.Labels, content.Model.Config);

    public override IReadOnlyList<OutputColumn> Outputs => _columns.Outputs;

    internal override float[][] Score(IReadOnlyList<ImageInput> window) => Runner.Infer(window, pixels =>
        _columns.Scores(Runner.Model.forward(pixels, outputAttentions: false, outputHiddenStates: false).Logits));

    internal override Delegate CreateGetter(int output, Func<float[]> current) => _columns.CreateGetter(output, current);
}

/// <summary>What fitting an image classification finds out.</summary>
/// <param name="ImageProcessor">The text of its <c>preprocessor_config.json</c>.</param>
/// <param name="Problem">The problem.</param>
/// <param name="Labels">The labels.</param>
internal sealed record ImageClassificationFound(string ImageProcessor, PerceiverProblemType Problem, LabelSet Labels);
