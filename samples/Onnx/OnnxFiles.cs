using Microsoft.ML.OnnxRuntime;
using static TorchSharp.torch;

namespace OnnxSample;

/// <summary>The one or two files of a model in ONNX Runtime. The second reads what the first gives, beside inputs of its own.</summary>
internal sealed class OnnxFiles : IDisposable
{
    private readonly List<InferenceSession> _sessions = [];
    private readonly RunOptions _options = new();

    /// <summary>Loads the files.</summary>
    /// <param name="paths">What the export returned.</param>
    public OnnxFiles(IReadOnlyList<string> paths)
    {
        // As many threads as libtorch takes.
        using var options = new SessionOptions
        {
            IntraOpNumThreads = Environment.ProcessorCount,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        // Its threads would otherwise keep the cores busy after a run, while libtorch is timed.
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        foreach (string path in paths)
            _sessions.Add(new InferenceSession(path, options));
        Bytes = paths.Sum(path => new FileInfo(path).Length);
    }

    /// <summary>The length of the files together.</summary>
    public long Bytes { get; }

    /// <summary>Runs the files one after the other.</summary>
    /// <param name="row">A tensor for each input.</param>
    /// <returns>The numbers of each output.</returns>
    public Dictionary<string, float[]> Run(IReadOnlyDictionary<string, Tensor> row)
    {
        var values = row.ToDictionary(input => input.Key, input => ValueOf(input.Value), StringComparer.Ordinal);
        var results = new Dictionary<string, float[]>(StringComparer.Ordinal);
        try
        {
            foreach (var session in _sessions)
            {
                OrtValue[] inputs = [.. session.InputNames.Select(name => values[name])];
                var outputs = session.Run(_options, session.InputNames, inputs, session.OutputNames);
                foreach (var (name, output) in session.OutputNames.Zip(outputs))
                {
                    results[name] = output.GetTensorDataAsSpan<float>().ToArray();
                    // A decoder has an output "image" where the encoder has an input of that name; nothing reads it afterwards.
                    if (values.Remove(name, out var replaced))
                        replaced.Dispose();
                    values[name] = output;
                }
            }
        }
        finally
        {
            foreach (var value in values.Values)
                value.Dispose();
        }

        return results;
    }

    public void Dispose()
    {
        foreach (var session in _sessions)
            session.Dispose();
        _options.Dispose();
    }

    private static OrtValue ValueOf(Tensor tensor)
    {
        using var whole = tensor.contiguous();
        return whole.dtype switch
        {
            ScalarType.Int64 => OrtValue.CreateTensorValueFromMemory(whole.data<long>().ToArray(), whole.shape),
            ScalarType.Byte => OrtValue.CreateTensorValueFromMemory(whole.data<byte>().ToArray(), whole.shape),
            _ => OrtValue.CreateTensorValueFromMemory(whole.data<float>().ToArray(), whole.shape),
        };
    }
}
