using Microsoft.ML.Perceiver;
using static TorchSharp.torch;

namespace OnnxSample;

/// <summary>A bundled model that goes out as ONNX, with real inputs.</summary>
/// <param name="Name">The head's name, as on the command line and in the figures.</param>
/// <param name="Model">The bundled model's name.</param>
internal abstract record ExportedHead(string Name, string Model)
{
    /// <summary>How it is exported in float32.</summary>
    internal virtual PerceiverOnnxOptions Options => new();

    /// <summary>What 8-bit integers are compared by.</summary>
    internal abstract string Agreement { get; }

    /// <summary>Real inputs by the names of the graph's inputs, one batch after the other.</summary>
    /// <param name="model">The model.</param>
    /// <param name="rows">At most so many rows.</param>
    internal abstract IEnumerable<Dictionary<string, Tensor>> Inputs(PerceiverPreTrainedModel model, int rows);

    /// <summary>What this library gives for a batch, by the names of the graph's outputs.</summary>
    internal abstract Dictionary<string, Tensor> Run(PerceiverPreTrainedModel model, Dictionary<string, Tensor> inputs);

    /// <summary>Of each answer, whether two forms of the model give the same one: 1 or 0.</summary>
    /// <param name="expected">The outputs in float32.</param>
    /// <param name="found">The outputs of the other form.</param>
    internal virtual Tensor Same(Dictionary<string, Tensor> expected, Dictionary<string, Tensor> found) =>
        expected["logits"].argmax(-1).eq(found["logits"].argmax(-1));

    /// <summary>A file that the build put beside the program.</summary>
    private protected static string DataFile(params string[] parts) => Path.Combine([AppContext.BaseDirectory, "Data", .. parts]);
}
