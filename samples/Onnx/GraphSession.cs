using Microsoft.ML.OnnxRuntime;
using static TorchSharp.torch;

namespace OnnxSample;

/// <summary>The one or two files of an exported head in ONNX Runtime: what an encoder gives is there for its decoder.</summary>
internal sealed class GraphSession : IDisposable
{
    private readonly InferenceSession[] _sessions;

    /// <param name="files">The files in the order in which they run.</param>
    internal GraphSession(IReadOnlyList<string> files)
    {
        // As many threads as libtorch takes.
        using var options = new SessionOptions
        {
            IntraOpNumThreads = get_num_threads(),
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        _sessions = [.. files.Select(file => new InferenceSession(file, options))];
    }

    /// <summary>Runs the graphs.</summary>
    /// <param name="inputs">A tensor for each input, by its name.</param>
    /// <returns>The outputs of the last graph, by their names.</returns>
    internal Dictionary<string, Tensor> Run(IReadOnlyDictionary<string, Tensor> inputs)
    {
        var known = new Dictionary<string, Tensor>(inputs);
        foreach (var session in _sessions)
        {
            foreach (var (name, output) in Run(session, known))
                known[name] = output;
        }

        return _sessions[^1].OutputNames.ToDictionary(name => name, name => known[name]);
    }

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(_sessions, session => session.Dispose());

    private static List<(string Name, Tensor Output)> Run(InferenceSession session, Dictionary<string, Tensor> inputs)
    {
        OrtValue[] values = [.. session.InputNames.Select(name => ValueOf(inputs[name]))];
        try
        {
            using var options = new RunOptions();
            using var outputs = session.Run(options, session.InputNames, values, session.OutputNames);
            return [.. session.OutputNames.Zip(outputs, (name, output) => (name, TensorOf(output)))];
        }
        finally
        {
            Array.ForEach(values, value => value.Dispose());
        }
    }

    private static OrtValue ValueOf(Tensor tensor)
    {
        using var whole = tensor.detach().contiguous();
        return whole.dtype == ScalarType.Int64
            ? OrtValue.CreateTensorValueFromMemory(whole.data<long>().ToArray(), whole.shape)
            : OrtValue.CreateTensorValueFromMemory(whole.data<float>().ToArray(), whole.shape);
    }

    private static Tensor TensorOf(OrtValue value) =>
        tensor(value.GetTensorDataAsSpan<float>().ToArray(), value.GetTensorTypeAndShape().Shape);
}
