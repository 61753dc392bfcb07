using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Perceiver;
using Samples;

namespace TextClassification;

/// <summary>What a saved model looks at in texts.</summary>
internal static class Attention
{
    /// <summary>Writes a page with the texts, each letter on the colour of its weight.</summary>
    /// <param name="path">The file.</param>
    /// <param name="modelPath">The model, in a stage that writes one column more.</param>
    /// <param name="texts">The texts.</param>
    public static void Save(string path, string modelPath, IReadOnlyList<string> texts)
    {
        var mlContext = new MLContext();
        var rows = mlContext.Data.LoadFromEnumerable(texts.Select(text => new MyModel.ModelInput { Text = text }));
        using var model = mlContext.Transforms.PerceiverTextClassification(new PerceiverTextClassificationOptions
        {
            Checkpoint = PerceiverCheckpoint.FromModelFile(modelPath),
            AttentionColumnName = "Attention",
        }).Fit(rows);
        var scored = model.Transform(rows);
        var labels = scored.GetColumn<uint>("PredictedLabel").Select(key => model.Labels[(int)key - 1]);
        AttentionPage.Save(path, texts.Zip(labels, scored.GetColumn<float[]>("Attention")));
    }
}
