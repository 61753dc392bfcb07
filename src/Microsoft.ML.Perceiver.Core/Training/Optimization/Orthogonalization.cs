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
    private const int Rounds = 5;
    private const double Linear = 3.4445, Cubic = -4.7750, Quintic = 2.0315;

    /// <summary>The orthogonal matrix closest to each one, approximately, scaled to a step.</summary>
    /// <param name="matrices">[count, rows, columns], float32.</param>
    internal static Tensor Steps(Tensor matrices)
    {
        long rows = matrices.shape[1];
        long columns = matrices.shape[2];
        bool tall = rows > columns;
        // No singular value is above the Frobenius norm.
        var x = matrices / matrices.square().sum([1, 2], keepdim: true).sqrt_().add_(1e-7);
        if (tall)
            x = x.mT.contiguous();
        for (int round = 0; round < Rounds; round++)
        {
            var square = x.bmm(x.mT);
            var polynomial = square.bmm(square).mul_(Quintic).add_(square, alpha: Cubic);
            x = polynomial.bmm(x).add_(x, alpha: Linear);
        }

        return (tall ? x.mT : x).mul(StepSize * Math.Sqrt(Math.Max(rows, columns)));
    }
}
