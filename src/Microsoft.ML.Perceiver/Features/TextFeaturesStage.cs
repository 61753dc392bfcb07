global using FeaturesContent = Microsoft.ML.Perceiver.StageContent<
    Microsoft.ML.Perceiver.PerceiverFeaturesOptions, Microsoft.ML.Perceiver.FeaturesFound, Microsoft.ML.Perceiver.PerceiverModel>;

namespace Microsoft.ML.Perceiver;

/// <summary>Texts to latents.</summary>
internal sealed class TextFeaturesStage(FeaturesContent content)
    : TextStage<PerceiverModel, float[]>(content.Model, content.Options, content.Found.MaxLength!.Value)
{
    private readonly FeaturesColumn _column = new(content.Options, content.Model.Config);

    public override IReadOnlyList<OutputColumn<float[]>> Outputs => _column.Outputs;

    protected override float[][] ScoreTexts(IReadOnlyList<int[]> window) =>
        Runner.Infer(window, (ids, mask) => _column.Values(Runner.Model.Encode(ids, mask)));
}

/// <summary>What fitting features finds out.</summary>
/// <param name="MaxLength">The longest text in tokens; null where images are read.</param>
/// <param name="ImageProcessor">The text of the <c>preprocessor_config.json</c>; null where texts are read.</param>
/// <param name="Architecture">The image classifier whose preprocessor the model has; null where texts are read.</param>
internal sealed record FeaturesFound(int? MaxLength = null, string? ImageProcessor = null, string? Architecture = null) : IFound
{
    public void Check(PerceiverConfig config)
    {
        bool readsText = MaxLength is not null;
        if (readsText == Architecture is not null)
            throw new FormatException("there must be either MaxLength, for texts, or Architecture, for images.");
        if (readsText)
            FoundChecks.RequireLength(MaxLength!.Value, config);
        else
            FoundChecks.RequireImageProcessor(ImageProcessor);
    }
}
