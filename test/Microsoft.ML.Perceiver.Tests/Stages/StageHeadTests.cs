namespace Microsoft.ML.Perceiver.Tests.Stages;

/// <summary>Each stage says which class its checkpoint is of, where that is none it can use, before anything else.</summary>
[TestClass]
public sealed class StageHeadTests
{
    private static readonly string[] Texts =
    [
        nameof(PerceiverForMaskedLM), nameof(PerceiverForSequenceClassification), nameof(PerceiverForTokenClassification),
        nameof(PerceiverForSentenceEmbedding), nameof(PerceiverForQuestionAnswering),
    ];
    private static readonly string[] Images =
    [
        nameof(PerceiverForImageClassificationLearned), nameof(PerceiverForImageClassificationFourier),
        nameof(PerceiverForImageClassificationConvProcessing),
    ];

    public static IEnumerable<object[]> Cases =>
    [
        [nameof(PerceiverFillMaskOptions), false, new[] { Texts[0] }],
        [nameof(PerceiverFillMaskOptions), true, new[] { Texts[0] }],
        [nameof(PerceiverTextClassificationOptions), false, new[] { Texts[1] }],
        [nameof(PerceiverTextClassificationOptions), true, Texts],
        [nameof(PerceiverTokenClassificationOptions), false, new[] { Texts[2] }],
        [nameof(PerceiverTokenClassificationOptions), true, Texts],
        [nameof(PerceiverQuestionAnsweringOptions), false, new[] { Texts[4] }],
        [nameof(PerceiverQuestionAnsweringOptions), true, Texts],
        [nameof(PerceiverSentenceEmbeddingOptions), false, new[] { Texts[3] }],
        [nameof(PerceiverSentenceEmbeddingOptions), true, Texts],
        [nameof(PerceiverSentenceSimilarityOptions), true, Texts],
        [nameof(PerceiverImageClassificationOptions), false, Images],
        [nameof(PerceiverImageClassificationOptions), true, Images],
        [nameof(PerceiverObjectDetectionOptions), false, new[] { nameof(PerceiverForObjectDetection) }],
        [nameof(PerceiverObjectDetectionOptions), true, new[] { nameof(PerceiverForObjectDetection), Images[2] }],
        [nameof(PerceiverFeaturesOptions), false, Texts],
        [nameof(PerceiverOpticalFlowOptions), false, new[] { nameof(PerceiverForOpticalFlow) }],
        [nameof(PerceiverOpticalFlowOptions), true, new[] { nameof(PerceiverForOpticalFlow) }],
        [nameof(PerceiverMultimodalOptions), false, new[] { nameof(PerceiverForMultimodalAutoencoding) }],
        [nameof(PerceiverMultimodalOptions), true, new[] { nameof(PerceiverForMultimodalAutoencoding) }],
        [nameof(PerceiverArrayClassificationOptions), false, new[] { nameof(PerceiverForArray) }],
        [nameof(PerceiverArrayClassificationOptions), true, new[] { nameof(PerceiverForArray) }],
        [nameof(PerceiverForecastingOptions), false, new[] { nameof(PerceiverForArray) }],
        [nameof(PerceiverForecastingOptions), true, new[] { nameof(PerceiverForArray) }],
    ];

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void The_wrong_head_is_named(string stage, bool isTrained, string[] heads)
    {
        string[] others = [.. PerceiverModels.Architectures.Except(heads)];
        Assert.IsNotEmpty(others);
        foreach (string other in others)
        {
            // The device is wrong too: the class is told first.
            var checkpoint = OfHead(other);
            var error = Assert.ThrowsExactly<ArgumentException>(() => Create(stage, checkpoint, isTrained));
            string wanted = heads.Length == 1 ? heads[0] : string.Join(", ", heads[..^1]) + " or " + heads[^1];
            StringAssert.Contains(error.Message, $"is of {other}, not of {wanted}.");
            bool isOneOfTexts = heads.Length == 1 && Array.IndexOf(Texts, heads[0]) > 0;
            bool canTrain = !isTrained && (isOneOfTexts || heads[0] == nameof(PerceiverForObjectDetection));
            Assert.AreEqual(canTrain, error.Message.Contains("Set Training", StringComparison.Ordinal));
        }
    }

    [TestMethod]
    public void Features_of_images_need_a_classifier_of_images()
    {
        var options = new PerceiverFeaturesOptions { ImageColumnName = "Image", Checkpoint = OfHead(nameof(PerceiverForMaskedLM)) };
        var error = Assert.ThrowsExactly<ArgumentException>(() => new MLContext().Transforms.PerceiverFeatures(options));
        StringAssert.Contains(error.Message, $"is of PerceiverForMaskedLM, not of {string.Join(", ", Images[..^1])} or {Images[^1]}.");
        StringAssert.Contains(error.Message, "ImageColumnName");
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void An_activation_that_no_model_file_can_hold_is_refused(string stage, bool isTrained, string[] heads)
    {
        var config = new PerceiverConfig { Architectures = [heads[0]], HiddenActivationFunction = x => x.sin() };
        var error = Assert.ThrowsExactly<ArgumentException>(() => Create(stage, PerceiverCheckpoint.FromConfig(config), isTrained));
        StringAssert.Contains(error.Message, "HiddenActivationFunction");
        Assert.AreEqual("Checkpoint", error.ParamName);
    }

    private static PerceiverCheckpoint OfHead(string head) =>
        PerceiverCheckpoint.FromConfig(new PerceiverConfig { Architectures = [head] });

    private static object Create(string stage, PerceiverCheckpoint checkpoint, bool isTrained)
    {
        var transforms = new MLContext(1).Transforms;
        var training = isTrained ? new PerceiverTrainingOptions() : null;
        const string device = "no such device";
        return stage switch
        {
            nameof(PerceiverFillMaskOptions) => transforms.PerceiverFillMask(
                new PerceiverFillMaskOptions { Checkpoint = checkpoint, Training = training, Device = device }),
            nameof(PerceiverTextClassificationOptions) => transforms.PerceiverTextClassification(
                new PerceiverTextClassificationOptions { Checkpoint = checkpoint, Training = training, Device = device }),
            nameof(PerceiverTokenClassificationOptions) => transforms.PerceiverTokenClassification(
                new PerceiverTokenClassificationOptions { Checkpoint = checkpoint, Training = training, Device = device }),
            nameof(PerceiverQuestionAnsweringOptions) => transforms.PerceiverQuestionAnswering(
                new PerceiverQuestionAnsweringOptions { Checkpoint = checkpoint, Training = training, Device = device }),
            nameof(PerceiverSentenceEmbeddingOptions) => transforms.PerceiverSentenceEmbedding(
                new PerceiverSentenceEmbeddingOptions { Checkpoint = checkpoint, Training = training, Device = device }),
            nameof(PerceiverSentenceSimilarityOptions) => new MLContext(1).Regression.Trainers.PerceiverSentenceSimilarity(
                new PerceiverSentenceSimilarityOptions { Checkpoint = checkpoint, Training = training, Device = device }),
            nameof(PerceiverImageClassificationOptions) => transforms.PerceiverImageClassification(
                new PerceiverImageClassificationOptions { Checkpoint = checkpoint, Training = training, Device = device }),
            nameof(PerceiverObjectDetectionOptions) => transforms.PerceiverObjectDetection(
                new PerceiverObjectDetectionOptions { Checkpoint = checkpoint, Training = training, Device = device }),
            nameof(PerceiverFeaturesOptions) => transforms.PerceiverFeatures(
                new PerceiverFeaturesOptions { Checkpoint = checkpoint, Device = device }),
            nameof(PerceiverOpticalFlowOptions) => transforms.PerceiverOpticalFlow(
                new PerceiverOpticalFlowOptions { Checkpoint = checkpoint, Training = training, Device = device }),
            nameof(PerceiverArrayClassificationOptions) => transforms.PerceiverArrayClassification(
                new PerceiverArrayClassificationOptions { Checkpoint = checkpoint, Training = training, Device = device }),
            nameof(PerceiverForecastingOptions) => new MLContext().Forecasting.PerceiverArray(
                new PerceiverForecastingOptions { Checkpoint = checkpoint, Training = training, Device = device }),
            _ => transforms.PerceiverMultimodal(
                new PerceiverMultimodalOptions { Checkpoint = checkpoint, Training = training, Device = device }),
        };
    }
}
