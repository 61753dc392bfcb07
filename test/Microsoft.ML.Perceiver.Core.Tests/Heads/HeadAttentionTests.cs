using Microsoft.ML.Perceiver.Tests.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Heads;

/// <summary>What single outputs of heads look at: masks, words, answers, labels of videos, motions.</summary>
[TestClass]
public sealed class HeadAttentionTests
{
    private static readonly PerceiverConfig Config = TinyModels.Config with { InitializerRange = 0.3 };

    [TestMethod]
    public void Masks_have_the_rows_of_their_positions()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var model = new PerceiverForMaskedLM(Config, seed: 3);
        var ids = TinyModels.Ids(2, 9);
        var all = PerceiverAttentionMap.Of(model.forward(ids, outputAttentions: true));
        var some = model.AttentionAt(ids, tensor(new long[] { 3, 39, 5, 5 }, 2, 2));
        TinyModels.AssertSame(all[0].index_select(0, tensor(new long[] { 3, 39 })), some[0]);
        TinyModels.AssertSame(all[1].index_select(0, tensor(new long[] { 5, 5 })), some[1]);
        Assert.ThrowsExactly<ArgumentException>(() => model.AttentionAt(ids, tensor(new long[] { 3 }, 1, 1)));
    }

    [TestMethod]
    public void A_word_has_the_mean_of_its_bytes()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var model = new PerceiverForTokenClassification(Config.WithLabels(["O", "B-A"]), seed: 1);
        var ids = TinyModels.Ids(2, 5);
        var words = tensor(new long[] { -1, 0, 0, 1, -1, -1, 0, -1, -1, -1 }, 2, 5);
        var byByte = model.AttentionMap(ids, arange(5, ScalarType.Int64).expand(2, 5).contiguous());
        var byWord = model.AttentionMap(ids, words);
        CollectionAssert.AreEqual(new long[] { 2, 2, 5 }, byWord.shape);
        TinyModels.AssertSame(byByte[0, TensorIndex.Slice(1, 3)].mean([0]), byWord[0, 0]);
        TinyModels.AssertSame(byByte[0, 3], byWord[0, 1]);
        TinyModels.AssertSame(byByte[1, 1], byWord[1, 0]);
        Assert.AreEqual(0f, byWord[1, 1].abs().max().item<float>());
        CollectionAssert.AreEqual(new long[] { 2, 1, 5 }, model.AttentionMap(ids, words, kind: PerceiverAttentionKind.Encoder).shape);
    }

    [TestMethod]
    public void An_answers_tokens_have_the_rows_of_a_token_that_is_a_word()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var answers = new PerceiverForQuestionAnswering(Config, seed: 2);
        using var words = new PerceiverForTokenClassification(Config, seed: 9);
        foreach (var (name, value) in words.Perceiver.state_dict())
            value.copy_(answers.Perceiver.state_dict()[name]);
        var ids = TinyModels.Ids(1, 7);
        var each = words.AttentionMap(ids, arange(7, ScalarType.Int64).unsqueeze(0));
        var some = answers.AttentionAt(ids, tensor(new long[] { 4, 6 }, 1, 2));
        TinyModels.AssertSame(each[0].index_select(0, tensor(new long[] { 4, 6 })), some[0]);
    }

    [TestMethod]
    public void The_label_of_a_video_looks_at_audio_frames_and_its_own_mask()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var model = new PerceiverForMultimodalAutoencoding(TinyVideos.Config, seed: 2);
        var inputs = new PerceiverInputs(TinyVideos.Inputs(2));
        var output = model.forward(inputs, outputAttentions: true);
        var all = PerceiverAttentionMap.Of(output);
        var label = model.AttentionAt(inputs, PerceiverForMultimodalAutoencoding.Label, zeros(1, ScalarType.Int64));
        // 8 patches of audio, 2 frames of 2 x 3 patches, the mask.
        CollectionAssert.AreEqual(new long[] { 2, 1, 8 + 12 + 1 }, label.shape);
        // Queries are in the order of the modalities' names, the label last.
        TinyModels.AssertSame(all[TensorIndex.Colon, -1], label.squeeze(1));
        Assert.ThrowsExactly<ArgumentException>(() => model.AttentionAt(inputs, "smell", zeros(1, ScalarType.Int64)));
    }

    [TestMethod]
    public void A_motion_has_the_row_of_its_pixel()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var model = TinyFlow.Model();
        var frames = TinyModels.Normal(4, 1, 2, 27, TinyFlow.Height, TinyFlow.Width);
        var all = PerceiverAttentionMap.Of(model.forward(frames, outputAttentions: true));
        var some = model.AttentionAt(frames, tensor(new long[] { 5, 700 }, 1, 2));
        CollectionAssert.AreEqual(new long[] { 1, 2, TinyFlow.Height * TinyFlow.Width }, some.shape);
        TinyModels.AssertSame(all[0].index_select(0, tensor(new long[] { 5, 700 })), some[0]);
    }

    [TestMethod]
    [DataRow(20, 20)]
    [DataRow(31, 47)]
    public void Places_of_an_image_are_as_many_as_the_preprocessor_makes(int height, int width)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var config = Config with { ImageSize = height, NumCrossAttentionHeads = 1 };
        PerceiverForImageClassification[] models =
        [
            new PerceiverForImageClassificationConvProcessing(config), new PerceiverForImageClassificationFourier(config),
            new PerceiverForImageClassificationLearned(config),
        ];
        foreach (var model in models)
        {
            using (model)
            {
                var preprocessor = (PerceiverImagePreprocessor)model.Perceiver.InputPreprocessor!;
                preprocessor.InterpolatePositions = true;
                var options = HeadClass.All.Single(head => head.Name == model.GetType().Name).ImagePreprocessor!(config);
                var (rows, columns) = PerceiverImagePreprocessor.PlacesOf(options, height, width);
                long made = preprocessor.forward(zeros(1, 3, height, width)).Inputs.shape[1];
                Assert.AreEqual(made, (long)rows * columns, model.GetType().Name);
            }
        }
    }
}
