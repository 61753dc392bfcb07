using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Orthogonalises a matrix's step, so that all its singular values are near to each other (<see cref="PerceiverOptimizer.Muon"/>).
/// </summary>
internal static class Orthogonalization
{
    // Root mean square of a step's numbers, about that of AdamW (Liu et al. 2025, section 2.2), so that its learning rates fit.
    private const double StepSize = 0.2;

    // Jordan et al. 2024: a polynomial that brings singular values of up to 1 close to 1 (0.7 to 1.2) in few rounds.
    private const int RoundCount = 5;
    private const float Linear = 3.4445f, Cubic = -4.7750f, Quintic = 2.0315f;

    // From this ratio of the sides on, rounds on the square of the matrix are faster than rounds on the matrix itself.
    private const long LeastRatioOfSquares = 2;

    /// <summary>The orthogonal matrix closest to each one, approximately, scaled to a step.</summary>
    /// <param name="matrices">[count, rows, columns], float32.</param>
    /// <param name="type">
    /// The type of the products. Bfloat16 is enough, as in the authors' own training runs: the rounds only need to bring the singular
    /// values near to each other.
    /// </param>
    /// <returns>[count, rows, columns], float32.</returns>
    internal static Tensor Steps(Tensor matrices, ScalarType type)
    {
        long rows = matrices.shape[1];
        long columns = matrices.shape[2];
        // No singular value is above the Frobenius norm.
        var x = (matrices / matrices.Squared().sum([1, 2], keepdim: true).sqrt_().add_(Scalars.Kept(1e-7), Scalars.One)).to(type);
        bool tall = rows > columns;
        if (tall)
            x = x.mT.contiguous();
        bool isLong = Math.Max(rows, columns) >= LeastRatioOfSquares * Math.Min(rows, columns);
        // The square of a matrix has the squares of its singular values, too small for bfloat16 where they are small.
        x = isLong && type == ScalarType.Float32 ? RoundsOfSquares(x) : Rounds(x);
        // In the order of the weights: numbers that are added in another order than they lie in take several times as long.
        return (tall ? x.mT : x).contiguous().to(ScalarType.Float32).mul_(Scalars.Kept(StepSize * Math.Sqrt(Math.Max(rows, columns))));
    }

    // X becomes (a + b S + c S²) X, where S = X Xᵀ.
    private static Tensor Rounds(Tensor x)
    {
        for (int round = 0; round < RoundCount; round++)
        {
            var square = x.bmm(x.mT);
            var polynomial = square.baddbmm(square, square, Cubic, Quintic);
            x = polynomial.baddbmm(x, x, Linear, 1);
        }

        return x;
    }

    // The same without X: a round multiplies S by its polynomial P from both sides, and the product of all P times X is the result.
    private static Tensor RoundsOfSquares(Tensor x)
    {
        var square = x.bmm(x.mT);
        var linear = eye(square.shape[1], dtype: square.dtype, device: square.device).mul_(Scalars.Kept(Linear));
        Tensor Polynomial() => square.baddbmm(square, square, Cubic, Quintic).add_(linear, Scalars.One);
        var polynomial = Polynomial();
        var product = polynomial;
        for (int round = 1; round < RoundCount; round++)
        {
            square = polynomial.bmm(square).bmm(polynomial);
            polynomial = Polynomial();
            product = polynomial.bmm(product);
        }

        return product.bmm(x);
    }
}
