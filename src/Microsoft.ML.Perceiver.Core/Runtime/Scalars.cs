using TorchSharp;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Numbers for operations of TorchSharp. It hands the native memory of a <see cref="Scalar"/> to libtorch and refers to the object no
/// longer, so that a garbage collection in between frees the memory before libtorch reads it: the operation fails, or computes with
/// another number.
/// </summary>
internal static class Scalars
{
    // No operation takes more numbers than this.
    private const int KeptOfThread = 64;

    [ThreadStatic]
    private static Scalar[]? _kept;

    [ThreadStatic]
    private static int _next;

    /// <summary>The integer 1, for all threads.</summary>
    internal static Scalar One { get; } = 1;

    /// <summary>A number that lives until its thread has asked for many others.</summary>
    /// <param name="value">The number.</param>
    internal static Scalar Kept(double value) => Keep(value);

    /// <summary>An integer that lives until its thread has asked for many others; an integral tensor keeps its type by it.</summary>
    /// <param name="value">The integer.</param>
    internal static Scalar Kept(long value) => Keep(value);

    private static Scalar Keep(Scalar scalar)
    {
        var kept = _kept ??= new Scalar[KeptOfThread];
        kept[_next] = scalar;
        _next = (_next + 1) % KeptOfThread;
        return scalar;
    }
}
