using Content = Microsoft.ML.Perceiver.StageContent<
    Microsoft.ML.Perceiver.PerceiverFeaturesOptions, Microsoft.ML.Perceiver.FeaturesFound, Microsoft.ML.Perceiver.PerceiverModel>;

namespace Microsoft.ML.Perceiver;

/// <summary>Texts to latents.</summary>
internal sealed class TextFeaturesStage(Content content) : TextStage<PerceiverModel, float[]>(content.Model, content.Options, content.Found.MaxLength!.Value)
{
    private readonly FeaturesColumn _column = new(content.Options, content.Model.Config);

    public override IReadOnlyList<OutputColumn> Outputs => _column.Outputs;

    internal override float[][] Score(IReadOnlyList<int[]> window) =>
        Runner.Infer(window, (ids, mask) => _column.Values(Runner.Model.Encode(ids, mask)));

    internal override Delegate CreateGetter(int output, Func<float[]> current) => Getters.Vector(current);
}
