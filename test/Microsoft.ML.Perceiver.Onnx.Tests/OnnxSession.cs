using Microsoft.ML.OnnxRuntime;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Onnx.Tests;

/// <summary>A file in ONNX Runtime, which opens it with its strictest checks.</summary>
internal sealed class OnnxSession : IDisposable
{
    private readonly InferenceSession _session;

    internal OnnxSession(string path)
    {
        using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        // The shapes that the file says must be those that the operators give.
        options.AddSessionConfigEntry("session.strict_shape_type_inference", "1");
        _session = new InferenceSession(path, options);
    }

    internal IReadOnlyList<string> Inputs => _session.InputNames;

    internal IReadOnlyList<string> Outputs => _session.OutputNames;

    /// <summary>The shape of an input or an output: a number, or a name.</summary>
    internal string ShapeOf(string name)
    {
        var metadata = _session.InputMetadata.TryGetValue(name, out var input) ? input : _session.OutputMetadata[name];
        return string.Join(", ", metadata.Dimensions.Zip(metadata.SymbolicDimensions, (n, s) => n < 0 ? s : $"{n}"));
    }

    /// <summary>Runs the graph.</summary>
    /// <param name="inputs">A tensor for each input.</param>
    /// <returns>A tensor for each output, on the CPU.</returns>
    internal Dictionary<string, Tensor> Run(IReadOnlyDictionary<string, Tensor> inputs)
    {
        return Run([.. Inputs.Select(name => ValueOf(inputs[name]))]);
    }

    /// <summary>Runs a graph that takes texts and nothing else.</summary>
    internal Dictionary<string, Tensor> Run(IReadOnlyList<string> texts)
    {
        var value = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, [texts.Count]);
        for (int i = 0; i < texts.Count; i++)
            value.StringTensorSetElementAt(texts[i].AsSpan(), i);
        return Run([value]);
    }

    /// <summary>Texts about the model by their names.</summary>
    internal IReadOnlyDictionary<string, string> Metadata => _session.ModelMetadata.CustomMetadataMap;

    public void Dispose() => _session.Dispose();

    private Dictionary<string, Tensor> Run(OrtValue[] values)
    {
        try
        {
            using var options = new RunOptions();
            using var results = _session.Run(options, Inputs, values, Outputs);
            return Outputs.Zip(results, (name, value) => (name, value)).ToDictionary(p => p.name, p => TensorOf(p.value));
        }
        finally
        {
            foreach (var value in values)
                value.Dispose();
        }
    }

    private static OrtValue ValueOf(Tensor tensor)
    {
        using var whole = tensor.detach().contiguous();
        return whole.dtype switch
        {
            ScalarType.Int64 => OrtValue.CreateTensorValueFromMemory(whole.data<long>().ToArray(), whole.shape),
            ScalarType.Byte => OrtValue.CreateTensorValueFromMemory(whole.data<byte>().ToArray(), whole.shape),
            _ => OrtValue.CreateTensorValueFromMemory(whole.data<float>().ToArray(), whole.shape),
        };
    }

    private static Tensor TensorOf(OrtValue value)
    {
        var information = value.GetTensorTypeAndShape();
        return information.ElementDataType == Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Int64
            ? tensor(value.GetTensorDataAsSpan<long>().ToArray(), information.Shape)
            : tensor(value.GetTensorDataAsSpan<float>().ToArray(), information.Shape);
    }
}
