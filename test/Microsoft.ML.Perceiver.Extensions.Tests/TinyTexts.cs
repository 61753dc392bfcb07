using Microsoft.ML.Perceiver.Tests.Modules;

namespace Microsoft.ML.Perceiver.Extensions.Tests;

/// <summary>A text to classify.</summary>
public sealed class TextInput
{
    public string Text { get; set; } = "";
}

/// <summary>A text to classify, in a column that the model does not read by itself.</summary>
public sealed class Message
{
    public string Label { get; set; } = "";

    public string Body { get; set; } = "";
}

/// <summary>A classified text.</summary>
public sealed class TextOutput
{
    public string PredictedLabel { get; set; } = "";

    public float[] Score { get; set; } = [];
}

/// <summary>Models of texts that predict in milliseconds. They are not trained: models of different seeds differ in all scores.</summary>
internal static class TinyTexts
{
    /// <summary>Texts that a model scores differently.</summary>
    internal static string[] Texts { get; } = ["call now", "see you at 7", "x", "grüße, до завтра 🙂", new string('y', 100)];

    internal static ITransformer Create(MLContext context, int seed, params string[] labels)
    {
        var config = (TinyModels.Config with { InitializerRange = 0.3 }).WithLabels(labels.Length > 0 ? labels : ["ham", "spam"]);
        var data = context.Data.LoadFromEnumerable([new TextInput()]);
        return context.Transforms.PerceiverTextClassification(PerceiverCheckpoint.FromConfig(config, seed))
            .Append(context.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Fit(data);
    }

    /// <summary>Saves a model; the file is replaced in one step.</summary>
    internal static void Save(string path, int seed, params string[] labels)
    {
        var context = new MLContext(seed: 1);
        var model = Create(context, seed, labels);
        var data = context.Data.LoadFromEnumerable([new TextInput()]);
        context.Model.Save(model, data.Schema, path + ".tmp");
        (model as IDisposable)?.Dispose();
        File.Move(path + ".tmp", path, overwrite: true);
    }

    /// <summary>What a prediction engine of ML.NET says of texts.</summary>
    internal static TextOutput[] Expected(string path, params string[] texts)
    {
        var context = new MLContext(seed: 1);
        var model = context.Model.LoadPerceiver(path, out _);
        using var engine = context.Model.CreatePredictionEngine<TextInput, TextOutput>(model);
        TextOutput[] outputs = [.. texts.Select(text => engine.Predict(new TextInput { Text = text }))];
        (model as IDisposable)?.Dispose();
        return outputs;
    }

    /// <summary>Whether two predictions are the same but for rounding: the threads that libtorch divides sums among may differ.</summary>
    internal static bool IsSame(TextOutput expected, TextOutput actual) =>
        expected.PredictedLabel == actual.PredictedLabel && expected.Score.Length == actual.Score.Length
        && expected.Score.Zip(actual.Score).All(pair => MathF.Abs(pair.First - pair.Second) <= TinyModels.Rounding);

    internal static void AssertSame(TextOutput expected, TextOutput actual) => Assert.IsTrue(
        IsSame(expected, actual), $"{string.Join(' ', expected.Score)} is expected, {string.Join(' ', actual.Score)} was found.");
}
