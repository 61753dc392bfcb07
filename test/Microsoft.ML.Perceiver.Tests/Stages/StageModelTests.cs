using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver.Tests.Stages;

[TestClass]
public sealed class StageModelTests
{
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
    public void A_model_that_becomes_no_transformer_is_disposed()
    {
        var model = new PerceiverForMaskedLM(Config);
        var weights = model.parameters().ToArray();
        var file = PerceiverFillMaskTransformer.File;
        // A vector of fewer than no fillings is none, so that the stage cannot be made.
        var content = new StageContent<PerceiverFillMaskOptions, FillMaskFound, PerceiverForMaskedLM>(
            file, new PerceiverFillMaskOptions { TopK = -1 }, new FillMaskFound(16), model);
        var environment = MlNetInternals.EnvironmentOf(new MLContext().Transforms);
        Assert.Throws<ArgumentException>(
            () => StageContent.UseOrDispose(model, () => new PerceiverFillMaskTransformer(environment, content)));
        Assert.IsTrue(weights.All(w => w.IsInvalid));
    }

    [TestMethod]
    public void A_model_file_is_not_loaded_onto_a_device_that_is_not_there()
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext();
        var data = ml.Data.LoadFromEnumerable([new Row("[MASK]")]);
        using (var fitted = ml.Transforms.PerceiverFillMask(PerceiverCheckpoint.FromConfig(Config)).Fit(data))
            ml.Model.Save(fitted, data.Schema, folder["model.zip"]);
        // No machine has so many.
        var context = new MLContext { GpuDeviceId = 99, FallbackToCpu = false };
        Assert.Contains("GPU 99", Assert.Throws<Exception>(() => context.Model.Load(folder["model.zip"], out _)).ToString());
    }

    [TestMethod]
    public void Features_of_texts_begin_with_local_weights_where_they_are_asked_for()
    {
        var ml = new MLContext();
        var data = ml.Data.LoadFromEnumerable([new Row("abc")]);
        using var fitted = ml.Transforms.PerceiverFeatures(
            PerceiverCheckpoint.FromConfig(Config, 1, PerceiverInitialization.LocalText), "Features", "Text").Fit(data);
        Assert.IsTrue(fitted.Transform(data).GetColumn<float[]>("Features").Single().All(float.IsFinite));
    }

    private sealed record Row(string Text);
}
