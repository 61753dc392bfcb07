namespace Microsoft.ML.Perceiver;

/// <summary>Images to latents.</summary>
internal sealed class ImageFeaturesStage(FeaturesContent content)
    : ImageStage<PerceiverModel, PerceiverFeaturesOptions, float[]>(
        content.Model, content.Model, content.Options, content.Found.ImageProcessor!, content.Found.Architecture!)
{
    private readonly FeaturesColumn _column = new(content.Options, content.Model.Config);

    public override IReadOnlyList<OutputColumn<float[]>> Outputs => _column.Outputs;

    internal override float[][] Score(IReadOnlyList<ImageInput> window) =>
        Runner.Infer(window, pixels => _column.Values(Runner.Model.Encode(pixels)));
}
