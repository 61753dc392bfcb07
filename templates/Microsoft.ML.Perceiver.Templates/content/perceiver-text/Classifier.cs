using Microsoft.ML;

namespace PerceiverText._1;

/// <summary>A saved model. One thread at a time may use it.</summary>
public sealed class Classifier : IDisposable
{
    private readonly PredictionEngine<Message, Prediction> _engine;

    public Classifier(string modelFile)
    {
        var mlContext = new MLContext();
        var model = mlContext.Model.LoadPerceiver(modelFile, out _);
        _engine = mlContext.Model.CreatePredictionEngine<Message, Prediction>(model);
    }

    /// <summary>The most probable label of a text, and its probability.</summary>
    public (string Label, float Probability) Predict(string text)
    {
        var prediction = _engine.Predict(new Message { Text = text });
        return (prediction.Label, prediction.Score.Max());
    }

    public void Dispose() => _engine.Dispose();
}
