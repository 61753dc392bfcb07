using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Checks of coordinates that a caller gives.</summary>
internal static class ArrayCoordinates
{
    // Places of a grid that were computed in float32.
    private const float Rounding = 1e-4f;

    /// <summary>Refuses coordinates of another shape, or outside of -1 to 1, where sines and cosines would repeat.</summary>
    /// <param name="coordinates">The coordinates.</param>
    /// <param name="name">What they are, for messages.</param>
    /// <param name="shape">The shape that they need to have; -1 for any extent, and 1 may stand for the first.</param>
    /// <exception cref="ArgumentException">The message says what they are and what they need to be.</exception>
    internal static void Require(Tensor coordinates, string name, ReadOnlySpan<long> shape)
    {
        long[] found = coordinates.shape;
        bool fits = found.Length == shape.Length && coordinates.is_floating_point() && coordinates.NumberOfElements > 0
            && (found[0] == shape[0] || found[0] == 1);
        for (int i = 1; fits && i < shape.Length; i++)
            fits = shape[i] == -1 || found[i] == shape[i];
        if (!fits)
        {
            string needed = string.Join(", ", shape.ToArray().Select(n => n == -1 ? "points" : $"{n}"));
            throw new ArgumentException(
                $"The {name} are {coordinates.dtype} [{string.Join(", ", found)}]; they need to be floats [{needed}].",
                nameof(coordinates));
        }

        using var scope = NewDisposeScope();
        float largest = coordinates.detach().abs().max().to(ScalarType.Float32).item<float>();
        // A coordinate that is no number is not below any bound.
        if (!(largest <= 1 + Rounding))
            throw new ArgumentException($"The {name} have one of size {largest}; they must be from -1 to 1.", nameof(coordinates));
    }
}
