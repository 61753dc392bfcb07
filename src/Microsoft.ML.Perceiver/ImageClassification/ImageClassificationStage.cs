global using ImageClassificationContent = Microsoft.ML.Perceiver.StageContent<
    Microsoft.ML.Perceiver.PerceiverImageClassificationOptions,
    Microsoft.ML.Perceiver.ImageClassificationFound,
    Microsoft.ML.Perceiver.PerceiverForImageClassification>;

using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Images to scores.</summary>
internal sealed class ImageClassificationStage(ImageClassificationContent content)
    : ImageStage<PerceiverForImageClassification, PerceiverImageClassificationOptions, ScoredRow>(
        content.Model, content.Model.Perceiver, content.Options, content.Found.ImageProcessor, content.Model.GetType().Name)
{
    private const string Places = "each place of the image that the model reads, row by row";
    private readonly PerceiverImageClassificationOptions _options = content.Options;

    public override IReadOnlyList<OutputColumn<ScoredRow>> Outputs { get; } = AttentionColumn.With(
        ClassificationColumns.Of(content.Options, content.Found.Problem, content.Found.Labels, content.Found.IsBinary),
        content.Options,
        Places,
        DimensionsOf(
            HeadClass.All.Single(head => head.Name == content.Model.GetType().Name),
            content.Model.Config,
            PerceiverImageProcessorOptions.FromJson(content.Found.ImageProcessor)));

    /// <summary>The column of attention maps as the estimator promises it.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="config">The configuration with its architecture.</param>
    /// <param name="processor">The image processor.</param>
    internal static IEnumerable<OutputColumn> AttentionOf(
        PerceiverImageClassificationOptions options, PerceiverConfig config, PerceiverImageProcessorOptions processor) =>
        options.AttentionColumnName is null || HeadClass.Of(config) is not { } head
            ? []
            : AttentionColumn.Of<ScoredRow>(options, Places, row => row.Attention, DimensionsOf(head, config, processor));

    internal override ScoredRow[] Score(IReadOnlyList<ImageInput> window)
    {
        bool wantsAttention = _options.AttentionColumnName is not null;
        float[][] rows = Runner.Infer(window, wantsAttention ? ScoresAndAttention : Scores);
        return Array.ConvertAll(rows, row => ScoredRow.Of(row, content.Found.Labels.Names.Count));
    }

    // Images of other sizes have other places where they are not resized.
    private static int[] DimensionsOf(HeadClass head, PerceiverConfig config, PerceiverImageProcessorOptions processor)
    {
        if (!processor.DoResize)
            return [];
        var (rows, columns) = PerceiverImagePreprocessor.PlacesOf(
            head.ImagePreprocessor!(config), processor.Size.Height, processor.Size.Width);
        return [rows, columns];
    }

    private Tensor Scores(Tensor pixels) =>
        ScoresOf(Runner.Model.forward(pixels, outputAttentions: false, outputHiddenStates: false).Logits);

    private Tensor ScoresAndAttention(Tensor pixels)
    {
        var (logits, attention) = Runner.Model.Traced(pixels, _options.AttentionKind);
        return cat([ScoresOf(logits), attention.squeeze(1)], 1);
    }

    private Tensor ScoresOf(Tensor logits) =>
        ClassificationColumns.Scores(logits, content.Found.Problem, content.Model.Config, content.Found.IsBinary);
}

/// <summary>What fitting an image classification finds out.</summary>
/// <param name="ImageProcessor">The text of its <c>preprocessor_config.json</c>.</param>
/// <param name="Problem">The problem.</param>
/// <param name="Labels">The labels.</param>
/// <param name="IsBinary">Whether the labels are false and true, and the columns those of a binary classifier.</param>
internal sealed record ImageClassificationFound(
    string ImageProcessor, PerceiverProblemType Problem, LabelSet Labels, bool IsBinary = false) : IFound
{
    public void Check(PerceiverConfig config)
    {
        FoundChecks.RequireImageProcessor(ImageProcessor);
        FoundChecks.RequireLabels(Labels, config);
        FoundChecks.RequireProblem(Problem, Labels, IsBinary);
    }
}
