using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Perceiver.Models;
using static TorchSharp.torch;

namespace OnnxSample;

/// <summary>Some bytes of bank customers' questions are masked; the model says what they are.</summary>
internal sealed record FillMaskHead() : ExportedHead("fillmask", BundledModels.MiniLanguage)
{
    private const int Every = 7;

    /// <inheritdoc/>
    internal override PerceiverOnnxOptions Options => new() { ScorePositions = true };

    /// <inheritdoc/>
    internal override string Agreement => "first choices of masked bytes";

    /// <inheritdoc/>
    internal override IEnumerable<Dictionary<string, Tensor>> Inputs(PerceiverPreTrainedModel model, int rows)
    {
        foreach (int[] row in TextRows.Of(model, TextRows.Questions()).Take(rows))
        {
            long[] positions = [.. Enumerable.Range(1, row.Length - 2).Where(i => i % Every == 0).Select(i => (long)i)];
            if (positions.Length == 0)
                continue;
            foreach (long position in positions)
                row[position] = PerceiverTokenizer.MaskTokenId;
            var inputs = TextRows.Batch(row);
            inputs["positions"] = tensor(positions, 1, positions.Length);
            yield return inputs;
        }
    }

    /// <inheritdoc/>
    internal override Dictionary<string, Tensor> Run(PerceiverPreTrainedModel model, Dictionary<string, Tensor> inputs)
    {
        var logits = ((PerceiverForMaskedLM)model).forward(inputs["input_ids"], inputs["attention_mask"]).Logits;
        return new() { ["logits"] = logits.index_select(1, inputs["positions"].flatten()) };
    }
}

/// <summary>Text messages are spam or not.</summary>
internal sealed record TextHead() : ExportedHead("text", BundledModels.MiniSpam)
{
    /// <inheritdoc/>
    internal override string Agreement => "labels of messages";

    /// <inheritdoc/>
    internal override IEnumerable<Dictionary<string, Tensor>> Inputs(PerceiverPreTrainedModel model, int rows) =>
        TextRows.Of(model, File.ReadLines(DataFile("SMSSpamCollection.tsv")).Select(line => line.Split('\t', 2)[1]))
            .Take(rows).Select(TextRows.Batch);

    /// <inheritdoc/>
    internal override Dictionary<string, Tensor> Run(PerceiverPreTrainedModel model, Dictionary<string, Tensor> inputs) =>
        new() { ["logits"] = ((PerceiverForSequenceClassification)model).forward(inputs["input_ids"], inputs["attention_mask"]).Logits };
}

/// <summary>Vectors of bank customers' questions.</summary>
internal sealed record SentenceHead() : ExportedHead("sentence", BundledModels.MiniSentence)
{
    private const string Vectors = "sentence_embedding";
    private const double Alike = 0.99;

    /// <inheritdoc/>
    internal override string Agreement => $"vectors with a cosine of at least {Alike} to float32's";

    /// <inheritdoc/>
    internal override IEnumerable<Dictionary<string, Tensor>> Inputs(PerceiverPreTrainedModel model, int rows) =>
        TextRows.Of(model, TextRows.Questions()).Take(rows).Select(TextRows.Batch);

    /// <inheritdoc/>
    internal override Dictionary<string, Tensor> Run(PerceiverPreTrainedModel model, Dictionary<string, Tensor> inputs) =>
        new() { [Vectors] = ((PerceiverForSentenceEmbedding)model).forward(inputs["input_ids"], inputs["attention_mask"]).Embeddings };

    /// <inheritdoc/>
    internal override Tensor Same(Dictionary<string, Tensor> expected, Dictionary<string, Tensor> found) =>
        (expected[Vectors] * found[Vectors]).sum(-1).ge(Alike);
}

/// <summary>Texts as token ids.</summary>
internal static class TextRows
{
    /// <summary>The questions of banking77's test file.</summary>
    internal static IEnumerable<string> Questions()
    {
        var context = new MLContext();
        string path = Path.Combine(AppContext.BaseDirectory, "Data", "banking77", "test.csv");
        var options = new TextLoader.Options { Separators = [','], HasHeader = true, AllowQuoting = true, ReadMultilines = true };
        options.Columns = [new TextLoader.Column("Text", DataKind.String, 0)];
        return context.Data.CreateTextLoader(options).Load(path).GetColumn<string>("Text");
    }

    /// <summary>The token ids of texts, cut off where the model's positions end.</summary>
    internal static IEnumerable<int[]> Of(PerceiverPreTrainedModel model, IEnumerable<string> texts)
    {
        var tokenizer = new PerceiverTokenizer();
        var options = new PerceiverEncodingOptions
        {
            Truncation = PerceiverTokenizerTruncation.LongestFirst,
            MaxLength = model.Config.MaxPositionEmbeddings,
        };
        return texts.Select(text => tokenizer.Encode(text, options: options).InputIds.ToArray());
    }

    /// <summary>The inputs of one text.</summary>
    internal static Dictionary<string, Tensor> Batch(int[] ids) => new()
    {
        ["input_ids"] = tensor(Array.ConvertAll(ids, id => (long)id), 1, ids.Length),
        ["attention_mask"] = ones(1, ids.Length, ScalarType.Int64),
    };
}
