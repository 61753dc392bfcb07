using Microsoft.ML.Perceiver;
using Microsoft.ML.Perceiver.Models;

namespace OnnxSample;

/// <summary>The bundled models of texts whose output scores choices.</summary>
internal static class TextHeads
{
    private const int MaskedEvery = 7;

    /// <summary>The language model: sentences in which every seventh byte is masked.</summary>
    public static Head FillMask(int count)
    {
        var model = (PerceiverForMaskedLM)BundledModel.Load(BundledModels.MiniLanguage);
        var texts = TextRows.Sentences(BundledModel.DataPath("sentences"), count);
        return new LabelHead(
            "fillmask",
            model,
            [.. texts.Select(text => TextRows.MaskedRow(text, model.Config, MaskedEvery))],
            row => new() { ["logits"] = model.LogitsAt(row["input_ids"], row["positions"], row["attention_mask"]) },
            "logits",
            model.Config.VocabularySize,
            "bytes at masks")
        {
            Options = new PerceiverOnnxOptions { ScorePositions = true },
        };
    }

    /// <summary>The classifier of text messages.</summary>
    public static Head Messages(int count)
    {
        var model = (PerceiverForSequenceClassification)BundledModel.Load(BundledModels.MiniSpam);
        var texts = File.ReadLines(BundledModel.DataPath("SMSSpamCollection.tsv")).Select(line => line.Split('\t')[1]).Take(count);
        return new LabelHead(
            "text",
            model,
            [.. texts.Select(text => TextRows.Row(text, model.Config))],
            row => new() { ["logits"] = model.forward(row["input_ids"], row["attention_mask"]).Logits },
            "logits",
            model.Config.NumLabels,
            "labels");
    }
}
