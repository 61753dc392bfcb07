using Microsoft.ML.Data;
using Microsoft.ML.Perceiver.Tests.ArrayClassification;
using Microsoft.ML.Perceiver.Tests.ImageClassification;
using Microsoft.ML.Perceiver.Tests.Modules;
using Microsoft.ML.Perceiver.Tests.Multimodal;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Attention;

/// <summary>The columns of attention maps have the weights that the attentions of the same model give, in the documented places.</summary>
[TestClass]
public sealed class AttentionColumnTests
{
    private const string Column = "Attention";
    private static readonly PerceiverConfig Config = TinyModels.Config with { InitializerRange = 0.3 };

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    [DataRow(PerceiverAttentionKind.Rollout)]
    [DataRow(PerceiverAttentionKind.CrossAttentions)]
    [DataRow(PerceiverAttentionKind.Encoder)]
    public void A_text_has_the_weights_of_its_characters_and_the_same_scores(PerceiverAttentionKind kind)
    {
        using var scope = NewDisposeScope();
        var rows = Texts("wörld!", "a longer text");
        var checkpoint = PerceiverCheckpoint.FromConfig(Config.WithLabels(["a", "b"]), 3);
        var options = new PerceiverTextClassificationOptions { Checkpoint = checkpoint };
        using var plain = _context.Transforms.PerceiverTextClassification(options).Fit(rows);
        (options.AttentionColumnName, options.AttentionKind) = (Column, kind);
        using var transformer = _context.Transforms.PerceiverTextClassification(options).Fit(rows);
        var scored = transformer.Transform(rows);
        AssertEqual(plain.Transform(rows).GetColumn<float[]>("Score"), scored.GetColumn<float[]>("Score"));
        AssertAnnotation("AttentionKind", kind.ToString(), scored.Schema[Column]);
        AssertAnnotation("AttentionInputs", "[CLS], each UTF-16 unit of the text, [SEP]", scored.Schema[Column]);
        var model = transformer.Model;
        string[] texts = ["wörld!", "a longer text"];
        float[][] weights = [.. scored.GetColumn<float[]>(Column)];
        for (int i = 0; i < 2; i++)
        {
            float[] tokens = MapOf(model.forward(IdsOf(texts[i]), outputAttentions: true), kind, 0);
            TinyModels.AssertSame(PerceiverTextAttention.ByCharacter(tokens, texts[i]), weights[i]);
            Assert.HasCount(texts[i].Length + 2, weights[i]);
        }
    }

    [TestMethod]
    public void Each_mask_has_weights_of_its_own()
    {
        using var scope = NewDisposeScope();
        const string text = "a [MASK] é [MASK]";
        using var transformer = _context.Transforms.PerceiverFillMask(new PerceiverFillMaskOptions
        {
            Checkpoint = PerceiverCheckpoint.FromConfig(Config, 3),
            AttentionColumnName = Column,
        }).Fit(Texts(text));
        float[] weights = transformer.Transform(Texts(text, "[MASK] and a longer text")).GetColumn<float[]>(Column).First();
        var output = transformer.Model.forward(IdsOf(text), outputAttentions: true);
        // [CLS], a, blank, mask, blank, two bytes, blank, mask.
        float[][] expected = [MapOf(output, PerceiverAttentionKind.Rollout, 3), MapOf(output, PerceiverAttentionKind.Rollout, 8)];
        TinyModels.AssertSame([.. expected.SelectMany(mask => PerceiverTextAttention.ByCharacter(mask, text))], weights);
        Assert.HasCount(2 * (text.Length + 2), weights);
    }

    [TestMethod]
    public void Each_word_has_weights_over_the_characters_wherever_white_space_stands()
    {
        using var scope = NewDisposeScope();
        using var transformer = _context.Transforms.PerceiverTokenClassification(new PerceiverTokenClassificationOptions
        {
            Checkpoint = PerceiverCheckpoint.FromConfig(Config.WithLabels(["O", "B-NUM"]), 3),
            AttentionColumnName = Column,
        }).Fit(Texts("a"));
        float[] plain = Weights("no é1"), spread = Weights("  no  é1 ");
        var example = PerceiverTokenExample.FromWords(["no", "é1"], [0, 0], 40);
        var (ids, words, mask) = PerceiverTokenExample.ToTensors([example], CPU);
        float[] tokens = transformer.Model.AttentionMap(ids, words, mask).flatten().data<float>().ToArray();
        float[] expected = [.. tokens.Chunk(8).SelectMany(word => PerceiverTextAttention.ByCharacter(word, "no é1"))];
        TinyModels.AssertSame(expected, plain);
        float[] moved = [.. plain.Chunk(7).SelectMany(w => new[] { w[0], 0, 0, w[1], w[2], 0, w[3], w[4], w[5], 0, w[6] })];
        TinyModels.AssertSame(moved, spread);

        float[] Weights(string text) => transformer.Transform(Texts(text)).GetColumn<float[]>(Column).Single();
    }

    [TestMethod]
    public void The_best_answer_has_weights_over_question_and_context()
    {
        using var scope = NewDisposeScope();
        const string question = "wö?";
        string context = new string('é', 30) + " z";
        using var transformer = _context.Transforms.PerceiverQuestionAnswering(new PerceiverQuestionAnsweringOptions
        {
            Checkpoint = PerceiverCheckpoint.FromConfig(Config, 3),
            AttentionColumnName = Column,
            ContextOverlap = 6,
            TopK = 1,
        }).Fit(Rows());
        float[] weights = transformer.Transform(Rows()).GetColumn<float[]>(Column).Single();
        Assert.HasCount(question.Length + context.Length + 3, weights);
        Assert.AreEqual(1f, weights.Sum(), 1e-5f);
        // One of the parts alone was read with the answer; its weights are those of its tokens.
        var parts = PerceiverAnswerExample.InParts(question, context, 40, 6);
        Assert.IsGreaterThan(1, parts.Count);
        float[] first = PerceiverForPart(parts[0]), last = PerceiverForPart(parts[^1]);
        Assert.IsTrue(Near(first[0], weights[0]) || Near(last[0], weights[0]), $"{weights[0]} is of neither part");
        Assert.IsTrue(weights.Skip(question.Length + 2).Take(context.Length).Any(w => w == 0), "a part was not read");

        IDataView Rows() => _context.Data.LoadFromEnumerable([new { Question = question, Context = context }]);

        float[] PerceiverForPart(PerceiverAnswerExample part)
        {
            var ids = tensor(part.Ids.Select(id => (long)id).ToArray()).unsqueeze(0);
            var output = transformer.Model.forward(ids);
            var answer = AnswerSpans.Best(
                Softmax(output.StartLogits).AsSpan(part.PartStart, part.Part.Length),
                Softmax(output.EndLogits).AsSpan(part.PartStart, part.Part.Length),
                part.Part,
                128,
                1)[0];
            long start = part.PartStart + answer.First;
            var map = transformer.Model.AttentionAt(ids, tensor(new[] { start, start + answer.Count - 1 }, 1, 2));
            return map.mean([1]).flatten().data<float>().ToArray();
        }

        static float[] Softmax(Tensor logits) => logits.softmax(-1).flatten().data<float>().ToArray();
        static bool Near(float a, float b) => Math.Abs(a - b) <= TinyModels.Rounding;
    }

    [TestMethod]
    [DataRow("ConvProcessing")]
    [DataRow("Fourier")]
    public void An_image_has_the_weights_of_its_places_in_rows_and_columns(string head)
    {
        using var scope = NewDisposeScope();
        var data = _context.Data.LoadFromEnumerable(TinyImages.Rows(3));
        var options = new PerceiverImageClassificationOptions { Checkpoint = TinyImages.Checkpoint(head), ImageColumnName = "Pixels" };
        using var plain = _context.Transforms.PerceiverImageClassification(options).Fit(data);
        options.AttentionColumnName = Column;
        using var transformer = _context.Transforms.PerceiverImageClassification(options).Fit(data);
        var scored = transformer.Transform(data);
        int side = head == "Fourier" ? 16 : 3;
        CollectionAssert.AreEqual(new[] { side, side }, ((VectorDataViewType)scored.Schema[Column].Type).Dimensions);
        AssertEqual(plain.Transform(data).GetColumn<float[]>("Score"), scored.GetColumn<float[]>("Score"));
        float[][] weights = [.. scored.GetColumn<float[]>(Column)];
        for (int i = 0; i < 3; i++)
        {
            var image = new PerceiverImage(16, 16, 3, TinyImages.Rows(3)[i].Bytes, PerceiverImageLayout.ChannelsFirst);
            var output = transformer.Model.forward(transformer.ImageProcessor.Process(image), outputAttentions: true);
            TinyModels.AssertSame(MapOf(output, PerceiverAttentionKind.Rollout, 0), weights[i]);
        }
    }

    [TestMethod]
    public void An_array_has_the_weights_of_its_vectors()
    {
        using var scope = NewDisposeScope();
        using var transformer = _context.BinaryClassification.Trainers.PerceiverArray(new PerceiverArrayClassificationOptions
        {
            FeatureColumnNames = ["Any"],
            LabelColumnName = "Truth",
            Checkpoint = ArrayData.Checkpoint,
            Training = new() { Epochs = 1 },
            AttentionColumnName = Column,
        }).Fit(ArrayData.Of(_context, [1, 2, 3, 4], [4, 3], [2, 1, 5]));
        float[][] weights = [.. transformer.Transform(ArrayData.Of(_context, [1, 2, 3], [4, 3, 2, 1])).GetColumn<float[]>(Column)];
        float[][] rows = [[1, 2, 3], [4, 3, 2, 1]];
        for (int i = 0; i < 2; i++)
        {
            var output = transformer.Model.forward(tensor(rows[i], 1, rows[i].Length, 1), outputAttentions: true);
            TinyModels.AssertSame(MapOf(output, PerceiverAttentionKind.Rollout, 0), weights[i]);
        }
    }

    [TestMethod]
    public void A_videos_label_has_the_weights_of_each_window()
    {
        using var scope = NewDisposeScope();
        var data = _context.Data.LoadFromEnumerable(TinyClips.Rows(2));
        using var transformer = _context.Transforms.PerceiverMultimodal(new PerceiverMultimodalOptions
        {
            Checkpoint = TinyClips.Checkpoint,
            AttentionColumnName = Column,
        }).Fit(data);
        var scored = transformer.Transform(data);
        // 4 patches of audio, 2 frames of 2 x 2 patches, the label.
        CollectionAssert.AreEqual(new[] { 1, 4 + 8 + 1 }, ((VectorDataViewType)scored.Schema[Column].Type).Dimensions);
        foreach (float[] weights in scored.GetColumn<float[]>(Column))
            Assert.AreEqual(1f, weights.Sum(), 1e-5f);
    }

    [TestMethod]
    public void An_empty_name_or_another_kind_is_refused()
    {
        var checkpoint = PerceiverCheckpoint.FromConfig(Config, 3);
        var named = Assert.Throws<ArgumentException>(() => _context.Transforms.PerceiverFillMask(
            new PerceiverFillMaskOptions { Checkpoint = checkpoint, AttentionColumnName = "" }));
        StringAssert.Contains(named.Message, "AttentionColumnName");
        var kind = Assert.Throws<ArgumentException>(() => _context.Transforms.PerceiverFillMask(
            new PerceiverFillMaskOptions { Checkpoint = checkpoint, AttentionKind = (PerceiverAttentionKind)9 }));
        StringAssert.Contains(kind.Message, "AttentionKind");
    }

    private static float[] MapOf(PerceiverOutput output, PerceiverAttentionKind kind, int query) =>
        PerceiverAttentionMap.Of(output, kind)[0, query].data<float>().ToArray();

    private static Tensor IdsOf(string text) =>
        tensor(PerceiverTokenizer.Default.Encode(text).InputIds.Select(id => (long)id).ToArray()).unsqueeze(0);

    private static void AssertEqual(IEnumerable<float[]> expected, IEnumerable<float[]> actual) =>
        CollectionAssert.AreEqual(expected.SelectMany(row => row).ToArray(), actual.SelectMany(row => row).ToArray());

    private static void AssertAnnotation(string name, string expected, DataViewSchema.Column column)
    {
        ReadOnlyMemory<char> value = default;
        column.Annotations.GetValue(name, ref value);
        Assert.AreEqual(expected, value.ToString());
    }

    private IDataView Texts(params string[] texts) => _context.Data.LoadFromEnumerable(texts.Select(text => new { Text = text }));
}
