using Microsoft.ML;

namespace PerceiverImage._1;

/// <summary>A saved model. One thread at a time may use it.</summary>
public sealed class Classifier : IDisposable
{
    private readonly PredictionEngine<ImageRow, Prediction> _engine;

    public Classifier(string modelFile)
    {
        var mlContext = new MLContext();
        var model = mlContext.Model.LoadPerceiver(modelFile, out _);
        _engine = mlContext.Model.CreatePredictionEngine<ImageRow, Prediction>(model);
    }

    /// <summary>The most probable label of an image, and its probability.</summary>
    public (string Label, float Probability) Predict(string file)
    {
        var prediction = _engine.Predict(new ImageRow { Path = file });
        return (prediction.Label, prediction.Score.Max());
    }

    public void Dispose() => _engine.Dispose();
}
