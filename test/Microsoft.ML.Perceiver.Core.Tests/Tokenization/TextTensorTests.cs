using Microsoft.ML.Perceiver.Tests.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Tokenization;

/// <summary>From encodings to the tensors of a model, and ids that a model cannot read.</summary>
[TestClass]
public sealed class TextTensorTests
{
    private static readonly PerceiverEncodingOptions Padded = new() { Padding = PerceiverTokenizerPadding.Longest };

    [TestMethod]
    public void Encodings_become_ids_and_mask()
    {
        var encodings = PerceiverTokenizer.Default.EncodeBatch(["ab", "abcd"], options: Padded);
        using var tensors = PerceiverTextTensors.Of(encodings);
        CollectionAssert.AreEqual(new long[] { 2, 6 }, tensors.InputIds.shape);
        long[] expected = [.. encodings.SelectMany(e => e.InputIds).Select(i => (long)i)];
        CollectionAssert.AreEqual(expected, tensors.InputIds.data<long>().ToArray());
        CollectionAssert.AreEqual(
            new long[] { 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 1 }, tensors.AttentionMask!.data<long>().ToArray());
        using var scope = NewDisposeScope();
        using var model = new PerceiverForMaskedLM(TinyModels.Config, seed: 2);
        using var inference = no_grad();
        var logits = model.forward(tensors.InputIds, tensors.AttentionMask).Logits;
        using var alone = PerceiverTextTensors.Of([PerceiverTokenizer.Default.Encode("ab")]);
        TinyModels.AssertSame(model.forward(alone.InputIds, alone.AttentionMask).Logits, logits[TensorIndex.Slice(0, 1)]);
    }

    [TestMethod]
    public void Encodings_without_a_mask_have_no_mask_tensor()
    {
        var encoding = PerceiverTokenizer.Default.Encode("ab", options: new() { ReturnAttentionMask = false });
        using var tensors = PerceiverTextTensors.Of([encoding]);
        Assert.IsNull(tensors.AttentionMask);
    }

    [TestMethod]
    public void Encodings_that_make_no_tensor_are_refused()
    {
        var tokenizer = PerceiverTokenizer.Default;
        Assert.ThrowsExactly<ArgumentException>(() => PerceiverTextTensors.Of([]));
        var error = Assert.ThrowsExactly<ArgumentException>(() => PerceiverTextTensors.Of(tokenizer.EncodeBatch(["a", "abc"])));
        StringAssert.Contains(error.Message, "3 and 5 ids");
        StringAssert.Contains(error.Message, "Padding");
        var some = new[] { tokenizer.Encode("a"), tokenizer.Encode("b") with { AttentionMask = null } };
        Assert.ThrowsExactly<ArgumentException>(() => PerceiverTextTensors.Of(some));
    }

    [TestMethod]
    public void Ids_of_32_bits_give_the_same_logits()
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        var ids = TinyModels.Ids(2, 12);
        using var model = new PerceiverForMaskedLM(TinyModels.Config, seed: 2);
        TinyModels.AssertSame(model.forward(ids).Logits, model.forward(ids.to(ScalarType.Int32)).Logits);
        using var text = new PerceiverForSequenceClassification(TinyModels.Config, seed: 2);
        TinyModels.AssertSame(text.forward(ids).Logits, text.forward(ids.to(ScalarType.Int32)).Logits);
        using var tokens = new PerceiverForTokenClassification(TinyModels.Config, seed: 2);
        var positions = zeros(2, 12, int64);
        TinyModels.AssertSame(tokens.forward(ids, positions).Logits, tokens.forward(ids.to(ScalarType.Int32), positions).Logits);
    }

    [TestMethod]
    [DataRow(262)]
    [DataRow(-1)]
    [DataRow(int.MaxValue)]
    public void An_id_beyond_the_vocabulary_is_named(int id)
    {
        using var scope = NewDisposeScope();
        using var model = new PerceiverForMaskedLM(TinyModels.Config with { VocabularySize = 262 }, seed: 2);
        foreach (var type in new[] { ScalarType.Int64, ScalarType.Int32 })
        {
            var ids = tensor(new[] { 4, 70, id, 5 }).unsqueeze(0).to(type);
            var error = Assert.ThrowsExactly<ArgumentException>(() => model.forward(ids));
            StringAssert.Contains(error.Message, $"{id} is no token id of this model; its ids go from 0 to 261");
        }
    }

    [TestMethod]
    [DataRow(0, 12)]
    [DataRow(2, 0)]
    public void An_empty_batch_is_told(int texts, int tokens)
    {
        using var scope = NewDisposeScope();
        using var model = new PerceiverForMaskedLM(TinyModels.Config, seed: 2);
        var error = Assert.ThrowsExactly<ArgumentException>(() => model.forward(zeros(texts, tokens, int64)));
        StringAssert.Contains(error.Message, $"Token ids are [{texts}, {tokens}]");
    }
}
