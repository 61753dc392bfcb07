using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Operations of tensors and numbers, whose numbers live while libtorch reads them (<see cref="Scalars"/>). TorchSharp's own operators make
/// a number for each call; the sum of two tensors has one too, the factor of its second term.
/// </summary>
internal static class TensorNumbers
{
    /// <summary>0, 1, and so on.</summary>
    /// <param name="count">How many.</param>
    /// <param name="type">Their type.</param>
    /// <param name="device">Their device, <see langword="null"/> for the default.</param>
    /// <returns>[count].</returns>
    internal static Tensor Indices(long count, ScalarType type, Device? device = null) =>
        arange(Scalars.Kept(0), Scalars.Kept(count), Scalars.One, type, device);

    extension(Tensor value)
    {
        /// <summary>The sum of two tensors.</summary>
        internal Tensor Plus(Tensor other) => value.add(other, Scalars.One);

        /// <summary>The sum with a number.</summary>
        internal Tensor Plus(double number) => value.add(Scalars.Kept(number), Scalars.One);

        /// <summary>The sum with an integer, of the type of an integral tensor.</summary>
        internal Tensor Plus(long number) => value.add(Scalars.Kept(number), Scalars.One);

        /// <summary>The difference to a number.</summary>
        internal Tensor Minus(double number) => value.sub(Scalars.Kept(number));

        /// <summary>The difference to an integer, of the type of an integral tensor.</summary>
        internal Tensor Minus(long number) => value.sub(Scalars.Kept(number));

        /// <summary>The product with a number.</summary>
        internal Tensor Times(double number) => value.mul(Scalars.Kept(number));

        /// <summary>The product with an integer, of the type of an integral tensor.</summary>
        internal Tensor Times(long number) => value.mul(Scalars.Kept(number));

        /// <summary>The quotient by a number.</summary>
        internal Tensor Over(double number) => value.div(Scalars.Kept(number));

        /// <summary>The square of each element.</summary>
        internal Tensor Squared() => value.pow(Scalars.Kept(2));
    }
}
