namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>What a <see cref="PeerForm"/> is called, and whose it is.</summary>
internal static class PeerForms
{
    /// <summary>Whether ONNX Runtime computes.</summary>
    internal static bool IsOnnx(PeerForm form) => form is PeerForm.OnnxFloat32 or PeerForm.OnnxInt8;

    /// <summary>Its name in figures.</summary>
    internal static string NameOf(PeerForm form) => form switch
    {
        PeerForm.OnnxFloat32 => "onnx_float32",
        PeerForm.OnnxInt8 => "onnx_int8",
        _ => form.ToString().ToLowerInvariant(),
    };
}
