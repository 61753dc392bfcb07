using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver.Tests.Stages;

[TestClass]
public sealed class StageModelTests
{
    // No machine has so many.
    private const string NoSuchDevice = "cuda:99";

    private static readonly PerceiverConfig Config = new()
    {
        NumLatents = 4,
        LatentChannels = 8,
        ModelChannels = 8,
        NumSelfAttendsPerBlock = 1,
        NumSelfAttentionHeads = 1,
        NumCrossAttentionHeads = 1,
        MaxPositionEmbeddings = 16,
    };

    [TestMethod]
    public void A_model_that_cannot_go_to_its_device_is_disposed()
    {
        var environment = MlNetInternals.EnvironmentOf(new MLContext().Transforms);
        var model = new PerceiverForMaskedLM(Config);
        var weights = model.parameters().ToArray();
        var settings = new FillMaskSettings(new PerceiverFillMaskOptions(), 16);
        try
        {
            new TextRunner<PerceiverForMaskedLM>(environment, model, settings, NoSuchDevice).Dispose();
            Assert.Fail("There is such a device.");
        }
        catch (InvalidOperationException)
        {
            Assert.IsTrue(weights.All(w => w.IsInvalid));
        }
    }

    [TestMethod]
    public void Features_of_texts_begin_with_local_weights_where_they_are_asked_for()
    {
        var ml = new MLContext();
        var data = ml.Data.LoadFromEnumerable([new Row("abc")]);
        using var fitted = ml.Transforms.PerceiverFeatures(PerceiverCheckpoint.FromConfig(Config, 1, PerceiverInitialization.LocalText), "Features", "Text").Fit(data);
        Assert.IsTrue(fitted.Transform(data).GetColumn<float[]>("Features").Single().All(float.IsFinite));
    }

    private sealed record Row(string Text);
}
