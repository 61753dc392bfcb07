using Microsoft.ML.Perceiver.Tests.Heads;
using Microsoft.ML.Perceiver.Tests.Modules;

namespace Microsoft.ML.Perceiver.Tests.Pretrained;

/// <summary>The files of the tokenizer and of the image processor that a model writes beside its weights.</summary>
[TestClass]
public sealed class SavedInputsTests
{
    private const string TokenizerConfig = "tokenizer_config.json", TokenMap = "special_tokens_map.json";
    private const string Preprocessor = "preprocessor_config.json";

    private static readonly PerceiverConfig Images = TinyModels.Config with { ImageSize = 24, NumCrossAttentionHeads = 1 };

    [TestMethod]
    public void Models_that_read_texts_write_a_tokenizer_of_their_length()
    {
        foreach (var create in new Func<PerceiverPreTrainedModel>[]
        {
            () => new PerceiverForMaskedLM(TinyModels.Config),
            () => new PerceiverForSequenceClassification(TinyModels.Config),
            () => new PerceiverForTokenClassification(TinyModels.Config),
            () => new PerceiverForQuestionAnswering(TinyModels.Config),
            () => new PerceiverForSentenceEmbedding(TinyModels.Config),
            () => new PerceiverModel(TinyModels.Config, inputPreprocessor: new PerceiverTextPreprocessor(TinyModels.Config)),
        })
        {
            using var folder = new TemporaryFolder();
            using var model = create();
            model.SavePretrained(folder.Path);
            CollectionAssert.AreEquivalent(new[] { "config.json", "model.safetensors", TokenMap, TokenizerConfig }, Names(folder));
            var tokenizer = PerceiverTokenizer.FromDirectory(folder.Path);
            Assert.AreEqual(TinyModels.Config.MaxPositionEmbeddings, tokenizer.Options.ModelMaxLength);
            Assert.AreEqual(tokenizer.Options, PerceiverCheckpoint.FromDirectory(folder.Path).Tokenizer);
            CollectionAssert.AreEqual(
                PerceiverTokenizer.Default.Encode("wörld [MASK]").InputIds.ToArray(),
                tokenizer.Encode("wörld [MASK]").InputIds.ToArray());
        }
    }

    [TestMethod]
    public void Models_that_read_images_write_an_image_processor_of_their_size()
    {
        var expected = new PerceiverImageProcessorOptions { Size = new(24), CropSize = new(24) };
        foreach (var create in new Func<PerceiverPreTrainedModel>[]
        {
            () => new PerceiverForImageClassificationLearned(Images),
            () => new PerceiverForImageClassificationConvProcessing(Images),
            () => new PerceiverForImageClassificationFourier(Images),
            () => new PerceiverForObjectDetection(Images with { NumQueries = 3 }),
            () => new PerceiverModel(Images, inputPreprocessor: new PerceiverImagePreprocessor(new()
            {
                PrepType = PerceiverImagePrepType.Pixels,
                PositionEncoding = PerceiverPositionEncodingOptions.ForFourier(new(2, [24, 24])),
            })),
        })
        {
            using var folder = new TemporaryFolder();
            using var model = create();
            model.SavePretrained(folder.Path);
            CollectionAssert.AreEquivalent(new[] { "config.json", "model.safetensors", Preprocessor }, Names(folder));
            Assert.AreEqual(expected.ToJson(), PerceiverImageProcessor.FromDirectory(folder.Path).Options.ToJson());
            StringAssert.Contains(File.ReadAllText(folder[Preprocessor]), "\"image_processor_type\": \"PerceiverImageProcessor\"");
            Assert.IsNull(PerceiverCheckpoint.FromDirectory(folder.Path).Tokenizer);
        }
    }

    [TestMethod]
    public void Optical_flow_writes_how_its_colours_become_numbers_and_video_and_bare_models_nothing()
    {
        using TemporaryFolder flow = new(), bare = new(), wordless = new();
        using (var model = new PerceiverForOpticalFlow(TinyFlow.Config))
            model.SavePretrained(flow.Path);
        var written = PerceiverCheckpoint.FromDirectory(flow.Path).ImageProcessor!;
        Assert.AreEqual(new PerceiverOpticalFlowPredictorOptions(), FlowProcessorKeys.Read(written));
        Assert.IsFalse(written.DoResize || written.DoCenterCrop);

        using (var model = new PerceiverModel(TinyModels.Config))
            model.SavePretrained(bare.Path);
        CollectionAssert.AreEquivalent(new[] { "config.json", "model.safetensors" }, Names(bare));
        // A model of other tokens than bytes has no tokenizer here.
        using (var model = new PerceiverForMaskedLM(TinyModels.Config with { VocabularySize = 100 }))
            model.SavePretrained(wordless.Path);
        CollectionAssert.AreEquivalent(new[] { "config.json", "model.safetensors" }, Names(wordless));
    }

    [TestMethod]
    public void A_loaded_model_writes_the_settings_of_its_checkpoint()
    {
        using TemporaryFolder texts = new(), images = new(), again = new(), imagesAgain = new();
        var tokenizer = new PerceiverTokenizer(new() { MaskToken = "<mask>", ModelMaxLength = 30 });
        tokenizer.SavePretrained(texts.Path);
        using (var model = new PerceiverForMaskedLM(TinyModels.Config))
            model.SavePretrained(texts.Path);
        using (var loaded = PerceiverForMaskedLM.FromPretrained(texts.Path))
            loaded.SavePretrained(again.Path);
        var read = PerceiverTokenizer.FromDirectory(again.Path);
        Assert.AreEqual(tokenizer.Options, read.Options);
        CollectionAssert.AreEqual(tokenizer.Encode("a<mask>[MASK]").InputIds.ToArray(), read.Encode("a<mask>[MASK]").InputIds.ToArray());

        var processor = new PerceiverImageProcessor(
            new() { Size = new(20, 28), ImageMean = [0.5], Resample = PerceiverResampling.Bilinear });
        processor.SavePretrained(images.Path);
        using (var model = new PerceiverForImageClassificationConvProcessing(Images))
            model.SavePretrained(images.Path);
        var checkpoint = PerceiverCheckpoint.FromDirectory(images.Path);
        var (classifier, _) = checkpoint.Load(
            c => new PerceiverForImageClassificationConvProcessing(c, initialize: false), Images.WithLabels(5), newHead: true);
        using (classifier)
            classifier.SavePretrained(imagesAgain.Path);
        Assert.AreEqual(processor.Options.ToJson(), PerceiverImageProcessor.FromDirectory(imagesAgain.Path).Options.ToJson());
    }

    [TestMethod]
    public void Files_that_the_folder_has_stay_whichever_is_written_first()
    {
        using TemporaryFolder before = new(), after = new();
        var processor = new PerceiverImageProcessor(new() { Size = new(20) });
        using var model = new PerceiverForImageClassificationConvProcessing(Images);
        processor.SavePretrained(before.Path);
        model.SavePretrained(before.Path);
        model.SavePretrained(after.Path);
        processor.SavePretrained(after.Path);
        Assert.AreEqual(processor.Options.ToJson(), File.ReadAllText(before[Preprocessor]));
        Assert.AreEqual(processor.Options.ToJson(), File.ReadAllText(after[Preprocessor]));
    }

    [TestMethod]
    public void A_damaged_file_of_the_inputs_stops_neither_loading_nor_saving()
    {
        using TemporaryFolder folder = new(), again = new();
        File.WriteAllText(folder[TokenizerConfig], "{");
        using (var model = new PerceiverForMaskedLM(TinyModels.Config))
            model.SavePretrained(folder.Path);
        Assert.ThrowsExactly<FormatException>(() => PerceiverCheckpoint.FromDirectory(folder.Path).Tokenizer);
        using var loaded = PerceiverForMaskedLM.FromPretrained(folder.Path);
        loaded.SavePretrained(again.Path);
        Assert.AreEqual(TinyModels.Config.MaxPositionEmbeddings, PerceiverTokenizer.FromDirectory(again.Path).Options.ModelMaxLength);
    }

    [TestMethod]
    public void A_tokenizer_replaces_the_added_tokens_of_another()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["added_tokens.json"], """{"<x>": 262}""");
        Assert.ThrowsExactly<FormatException>(() => PerceiverTokenizer.FromDirectory(folder.Path));
        PerceiverTokenizer.Default.SavePretrained(folder.Path);
        Assert.AreEqual(PerceiverTokenizer.Default.Options, PerceiverTokenizer.FromDirectory(folder.Path).Options);
    }

    private static string[] Names(TemporaryFolder folder) => [.. Directory.GetFiles(folder.Path).Select(path => Path.GetFileName(path)!)];
}
