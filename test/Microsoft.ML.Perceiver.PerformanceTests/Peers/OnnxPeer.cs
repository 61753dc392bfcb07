using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>The fill-mask head in ONNX Runtime. Nothing of libtorch is loaded.</summary>
internal sealed class OnnxPeer : IPeer
{
    private readonly InferenceSession _session;
    private readonly OrtValue _ids = Value(FillMaskHead.Text()), _positions = Value(FillMaskHead.MaskPositions());
    private readonly RunOptions _options = new();

    internal OnnxPeer(string folder)
    {
        // As many threads as libtorch takes.
        using var options = new SessionOptions { IntraOpNumThreads = Environment.ProcessorCount };
        _session = new InferenceSession(Path.Combine(folder, OnnxGraph.FileName), options);
    }

    public float[] Run()
    {
        using var outputs = _session.Run(
            _options, [OnnxFillMask.Ids, OnnxFillMask.Positions], [_ids, _positions], [OnnxFillMask.Logits]);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }

    public void Dispose()
    {
        _session.Dispose();
        _ids.Dispose();
        _positions.Dispose();
        _options.Dispose();
    }

    private static OrtValue Value(long[] row) => OrtValue.CreateTensorValueFromMemory(row, [1, row.Length]);
}
