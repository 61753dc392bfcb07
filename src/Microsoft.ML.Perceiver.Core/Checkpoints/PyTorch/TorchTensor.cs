namespace Microsoft.ML.Perceiver;

/// <summary>A tensor of a pickle: a view of a storage, checked to lie in it.</summary>
/// <param name="Storage">The storage.</param>
/// <param name="Offset">Its first element in the storage.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Strides">The distance of neighbours along each axis, in elements.</param>
/// <param name="Elements">The number of its elements.</param>
/// <param name="Span">The number of the storage's elements from its first to its last, 0 for an empty tensor.</param>
internal sealed record TorchTensor(TorchStorage Storage, long Offset, long[] Shape, long[] Strides, long Elements, long Span)
{
    /// <summary>The limit of PyTorch.</summary>
    private const int MostAxes = 64;

    internal long Bytes => Elements * Storage.ElementSize;

    /// <summary>Checks a view.</summary>
    /// <returns>The tensor, or the error.</returns>
    internal static (TorchTensor? Tensor, string? Error) Create(TorchStorage storage, long offset, long[] shape, long[] strides)
    {
        var (shown, shownStrides) = (string.Join(", ", shape.Take(MostAxes)), string.Join(", ", strides.Take(MostAxes)));
        string text = $"a tensor of shape [{shown}] with strides [{shownStrides}] at element {offset}";
        if (shape.Length != strides.Length || shape.Length > MostAxes)
            return (null, $"{text} has {shape.Length} axes and {strides.Length} strides");
        if (offset < 0 || shape.Any(d => d < 0) || strides.Any(s => s < 0))
            return (null, $"{text} has a negative number");
        try
        {
            long elements = shape.Contains(0) ? 0 : shape.Aggregate(1L, (a, b) => checked(a * b));
            _ = checked(elements * storage.ElementSize);
            long span = elements == 0
                ? 0
                : shape.Zip(strides).Aggregate(1L, (sum, axis) => checked(sum + (axis.First - 1) * axis.Second));
            if (checked(offset + span) > storage.Count)
                return (null, $"{text} reaches element {offset + span} of a storage of {storage.Count}");
            return (new TorchTensor(storage, offset, shape, strides, elements, span), null);
        }
        catch (OverflowException)
        {
            return (null, $"{text} has more elements than can be counted");
        }
    }
}
