using Microsoft.ML.Perceiver;
using static TorchSharp.torch;

namespace OnnxSample;

/// <summary>A bundled model with real inputs, and how it runs in this library and in ONNX.</summary>
/// <param name="Name">Its name in figures.</param>
/// <param name="Model">The model; the head disposes it.</param>
/// <param name="Rows">The inputs of each row, by the names that they have in the ONNX file.</param>
/// <param name="Ours">Runs a row in this library: a tensor for each output to compare, by its name in the ONNX file.</param>
internal abstract record Head(
    string Name,
    PerceiverPreTrainedModel Model,
    IReadOnlyList<IReadOnlyDictionary<string, Tensor>> Rows,
    Func<IReadOnlyDictionary<string, Tensor>, Dictionary<string, Tensor>> Ours) : IDisposable
{
    /// <summary>The form of the export, but for its weights.</summary>
    public PerceiverOnnxOptions Options { get; init; } = new();

    /// <summary>What an agreement is a share of.</summary>
    public abstract string Choices { get; }

    /// <summary>The share of equal choices by two forms of the model.</summary>
    /// <param name="expected">The outputs of each row.</param>
    /// <param name="actual">Those of the other form.</param>
    public abstract double Agreement(
        IReadOnlyList<Dictionary<string, float[]>> expected, IReadOnlyList<Dictionary<string, float[]>> actual);

    public void Dispose()
    {
        Model.Dispose();
        foreach (var tensor in Rows.SelectMany(row => row.Values))
            tensor.Dispose();
    }
}
