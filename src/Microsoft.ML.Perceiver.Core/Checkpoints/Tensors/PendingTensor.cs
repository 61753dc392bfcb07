using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>A tensor that is made when it is written.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Dtype">Its element type.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Value">Makes it; the caller disposes the result.</param>
internal sealed record PendingTensor(string Name, ScalarType Dtype, IReadOnlyList<long> Shape, Func<Tensor> Value)
{
    /// <summary>The number of its bytes.</summary>
    internal long Length => Shape.Aggregate((long)SafeTensorsHeader.SizeOf(Dtype), (a, b) => checked(a * b));

    /// <summary>A tensor, converted to another type where it has floating-point numbers.</summary>
    internal static PendingTensor Of(string name, Tensor tensor, ScalarType? floats = null) =>
        new(name, Converted(tensor.dtype, floats), tensor.shape, () => Convert(tensor.alias(), floats));

    /// <summary>As <see cref="Of(string, Tensor, ScalarType?)"/>, of a tensor in a file.</summary>
    internal static PendingTensor Of(PerceiverTensorInfo info, Func<Tensor> value, ScalarType? floats = null) =>
        new(info.Name, Converted(info.Dtype, floats), info.Shape, () => Convert(value(), floats));

    private static ScalarType Converted(ScalarType type, ScalarType? floats) => floats is { } wanted && IsFloat(type) ? wanted : type;

    private static bool IsFloat(ScalarType type) =>
        type is ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64;

    private static Tensor Convert(Tensor tensor, ScalarType? floats)
    {
        var type = Converted(tensor.dtype, floats);
        if (type == tensor.dtype)
            return tensor;
        using (tensor)
            return tensor.to(type);
    }
}
