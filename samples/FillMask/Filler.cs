using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Perceiver;

namespace FillMask;

/// <summary>Fills masks with a saved or bundled model.</summary>
internal sealed class Filler : IDisposable
{
    private readonly ITransformer _model;
    private readonly PredictionEngine<Input, Output> _engine;

    /// <summary>Loads the model.</summary>
    /// <param name="checkpoint">Its weights.</param>
    /// <param name="topK">How many fillings are wanted.</param>
    /// <param name="decoding">How several masks are filled together.</param>
    public Filler(PerceiverCheckpoint checkpoint, int topK, PerceiverFillMaskDecoding decoding)
    {
        var mlContext = new MLContext();
        var options = new PerceiverFillMaskOptions { Checkpoint = checkpoint, TopK = topK, Decoding = decoding };
        var estimator = mlContext.Transforms.PerceiverFillMask(options);
        _model = estimator.Fit(mlContext.Data.LoadFromEnumerable(Array.Empty<Input>()));
        _engine = mlContext.Model.CreatePredictionEngine<Input, Output>(_model);
    }

    /// <summary>The best fillings of a text, the best first, with their joint probabilities.</summary>
    /// <param name="text">A text with <c>[MASK]</c>, one for each byte.</param>
    public IEnumerable<(string Text, double Probability)> Fill(string text)
    {
        var output = _engine.Predict(new Input { Text = text });
        return output.Fillings.Zip(output.LogProbabilities, (t, p) => (t, Math.Exp(p)));
    }

    public void Dispose()
    {
        _engine.Dispose();
        (_model as IDisposable)?.Dispose();
    }

    private sealed class Input
    {
        public string Text { get; set; } = "";
    }

    private sealed class Output
    {
        [VectorType]
        public string[] Fillings { get; set; } = [];

        [VectorType]
        public float[] LogProbabilities { get; set; } = [];
    }
}
