using Microsoft.ML.Data;
using Microsoft.ML.Perceiver.Models;
using static Microsoft.ML.Transforms.ValueToKeyMappingEstimator;

namespace Microsoft.ML.Perceiver.Tests.TextClassification;

[TestClass]
public sealed class TextStartTests
{
    private static readonly PerceiverTrainingOptions Short = new() { Epochs = 1, ValidationFraction = 0, LearningRate = 1e-6 };

    [TestMethod]
    public void Without_a_checkpoint_training_starts_from_the_bundled_sentence_encoder()
    {
        var (config, weights, log) = Train(new PerceiverTextClassificationOptions { Training = Short });
        var encoder = PerceiverCheckpoint.Bundled(BundledModels.MiniSentence);
        Assert.AreEqual(encoder.Config.NumLatents, config.NumLatents);
        Assert.AreEqual(encoder.Config.LatentChannels, config.LatentChannels);
        CollectionAssert.AreEqual(new[] { "no", "yes" }, config.LabelNames.ToArray());
        using var own = encoder.Load(c => new PerceiverForSentenceEmbedding(c, initialize: false)).Model;
        float[] expected = own.state_dict()["perceiver.embeddings.latents"].data<float>().ToArray();
        Assert.IsLessThan(1e-3f, expected.Zip(weights, (a, b) => Math.Abs(a - b)).Max());
        Assert.Contains(m => m.Contains($"starts from {BundledModels.MiniSentence};"), log);
    }

    [TestMethod]
    [DataRow(null, true)]
    [DataRow(300, false)]
    public void Random_weights_are_a_word_away_and_stand_in_where_texts_are_longer(int? maxLength, bool isNamed)
    {
        var (config, _, log) = Train(new PerceiverTextClassificationOptions
        {
            Training = Short,
            MaxLength = maxLength,
            Checkpoint = isNamed ? PerceiverPresets.RandomText : null,
        });
        Assert.AreEqual(PerceiverPresets.SmallText.LatentChannels, config.LatentChannels);
        Assert.AreEqual(PerceiverPresets.SmallText.MaxPositionEmbeddings, config.MaxPositionEmbeddings);
        Assert.AreEqual(!isNamed, log.Any(m => m.Contains("starts from random weights: ")));
    }

    [TestMethod]
    public void The_encoder_has_a_training_of_its_own()
    {
        var options = new PerceiverTextClassificationOptions();
        Assert.IsTrue(TextStart.IsBundledEncoder(options));
        Assert.IsFalse(TextStart.IsBundledEncoder(new PerceiverTextClassificationOptions { Checkpoint = PerceiverPresets.RandomText }));
        Assert.AreNotEqual(PerceiverPresets.TextTraining, PerceiverPresets.TextFineTuning);
    }

    [TestMethod]
    [DataRow(false, false, "TypoProbability = 0.8")]
    [DataRow(false, true, "TypoProbability = 0.25")]
    [DataRow(true, true, "TypoProbability = 0.25")]
    [DataRow(true, false, null)]
    public void Texts_are_varied_where_the_encoder_is_the_start_or_options_say_so(bool isNamed, bool hasOwn, string? expected)
    {
        using var folder = new TemporaryFolder();
        Train(new PerceiverTextClassificationOptions
        {
            Training = Short with { RunFolder = folder["run"] },
            Checkpoint = isNamed ? PerceiverPresets.RandomText : null,
            Augmentation = hasOwn ? new PerceiverTextAugmentation { TypoProbability = 0.25 } : null,
        });
        string settings = File.ReadAllText(Path.Combine(folder["run"], "config.json"));
        Assert.AreEqual(expected is not null, settings.Contains("\"Augmentation\"", StringComparison.Ordinal));
        if (expected is not null)
            Assert.Contains(expected, settings);
    }

    [TestMethod]
    public void An_augmentation_out_of_range_is_refused()
    {
        var options = new PerceiverTextClassificationOptions { Augmentation = new PerceiverTextAugmentation { TypoRate = 2 } };
        var context = new MLContext(seed: 1);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => context.MulticlassClassification.Trainers.PerceiverText(options));
    }

    [TestMethod]
    public void A_regression_starts_from_the_encoder_too()
    {
        var context = new MLContext(seed: 1);
        var rows = context.Data.LoadFromEnumerable(
            Enumerable.Range(0, 12).Select(i => new { Text = i % 2 == 0 ? "Lovely" : "Never again", Label = i % 2 == 0 ? 5f : 1f }));
        using var model = context.Regression.Trainers.PerceiverText().Fit(rows);
        var encoder = PerceiverCheckpoint.Bundled(BundledModels.MiniSentence);
        Assert.AreEqual(encoder.Config.LatentChannels, model.Model.Config.LatentChannels);
        float[] stars = [.. model.Transform(rows).GetColumn<float>("Score")];
        Assert.IsGreaterThan(stars[1], stars[0]);
    }

    private static (PerceiverConfig Config, float[] Latents, List<string> Log) Train(PerceiverTextClassificationOptions options)
    {
        var context = new MLContext(seed: 1);
        var log = new List<string>();
        context.Log += (_, e) => log.Add(e.Message);
        var rows = context.Data.LoadFromEnumerable(
        [
            new { Label = "yes", Text = "Certainly, with pleasure" }, new { Label = "no", Text = "Never" },
            new { Label = "yes", Text = "Of course" }, new { Label = "no", Text = "Not at all" },
        ]);
        var keys = context.Transforms.Conversion.MapValueToKey("Label", keyOrdinality: KeyOrdinality.ByValue);
        using var model = context.MulticlassClassification.Trainers.PerceiverText(options).Fit(keys.Fit(rows).Transform(rows));
        return (model.Model.Config, model.Model.state_dict()["perceiver.embeddings.latents"].data<float>().ToArray(), log);
    }
}
