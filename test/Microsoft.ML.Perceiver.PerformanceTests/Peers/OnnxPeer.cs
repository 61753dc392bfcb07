using Microsoft.ML.OnnxRuntime;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>A head in ONNX Runtime. Of libtorch it has the input alone.</summary>
internal sealed class OnnxPeer : IPeer
{
    // As many as this library decodes at a time by itself.
    private const int PointsAtOnce = 16384;

    private readonly InferenceSession _session;
    private readonly InferenceSession? _decoder;
    private readonly Dictionary<string, OrtValue> _inputs = new(StringComparer.Ordinal);
    private readonly RunOptions _options = new();
    private readonly HeadCase _head;

    internal OnnxPeer(HeadCase head, string folder)
    {
        _head = head;
        // As many threads as libtorch takes.
        using var options = new SessionOptions { IntraOpNumThreads = Environment.ProcessorCount };
        _session = new InferenceSession(PeerGraph.FirstFileOf(folder), options);
        _decoder = PeerGraph.DecoderOf(folder) is { } file ? new InferenceSession(file, options) : null;
        foreach (var (name, tensor) in PeerInputs.ByName(head))
            _inputs[name] = ValueOf(tensor);
    }

    public float[] Run()
    {
        using var outputs = Run(_session, _inputs);
        if (_decoder is null)
            return outputs[0].GetTensorDataAsSpan<float>().ToArray();
        var inputs = new Dictionary<string, OrtValue>(_inputs) { [_session.OutputNames[0]] = outputs[0] };
        return _head is MultimodalHead ? Multimodal(inputs) : Flow(inputs);
    }

    public void Dispose()
    {
        _session.Dispose();
        _decoder?.Dispose();
        foreach (var value in _inputs.Values)
            value.Dispose();
        _options.Dispose();
    }

    private float[] Flow(Dictionary<string, OrtValue> inputs)
    {
        var size = _head.Published.Config.TrainSize;
        var flow = new List<float>();
        foreach (long[] points in Points(size[0] * size[1]))
        {
            using var chosen = inputs["points"] = OrtValue.CreateTensorValueFromMemory(points, [points.Length]);
            using var outputs = Run(_decoder!, inputs);
            flow.AddRange(outputs[0].GetTensorDataAsSpan<float>());
        }

        return [.. flow];
    }

    // The audio is decoded with the first pixels.
    private float[] Multimodal(Dictionary<string, OrtValue> inputs)
    {
        var extents = PerceiverMultimodalExtents.Of(_head.Published.Config);
        var image = new List<float>();
        float[] audio = [], label = [];
        foreach (long[] points in Points(extents.ImagePoints))
        {
            long[] patches = image.Count > 0 ? [] : [.. Enumerable.Range(0, extents.AudioPoints).Select(i => (long)i)];
            using var pixels = inputs["image_points"] = OrtValue.CreateTensorValueFromMemory(points, [points.Length]);
            using var samples = inputs["audio_points"] = OrtValue.CreateTensorValueFromMemory(patches, [patches.Length]);
            using var outputs = Run(_decoder!, inputs);
            if (image.Count == 0)
            {
                audio = outputs[1].GetTensorDataAsSpan<float>().ToArray();
                label = outputs[2].GetTensorDataAsSpan<float>().ToArray();
            }

            image.AddRange(outputs[0].GetTensorDataAsSpan<float>());
        }

        return [.. image, .. audio, .. label];
    }

    private static IEnumerable<long[]> Points(int count) =>
        Enumerable.Range(0, count).Select(i => (long)i).Chunk(PointsAtOnce);

    private IDisposableReadOnlyCollection<OrtValue> Run(InferenceSession session, Dictionary<string, OrtValue> inputs) =>
        session.Run(_options, session.InputNames, [.. session.InputNames.Select(name => inputs[name])], session.OutputNames);

    private static OrtValue ValueOf(Tensor tensor)
    {
        using var whole = tensor.contiguous();
        return whole.dtype == ScalarType.Int64
            ? OrtValue.CreateTensorValueFromMemory(whole.data<long>().ToArray(), whole.shape)
            : OrtValue.CreateTensorValueFromMemory(whole.data<float>().ToArray(), whole.shape);
    }
}
