using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Makes a step of a matrix that goes as far in every direction as in any other: the steps of <see cref="PerceiverOptimizer.Muon"/>.</summary>
internal static class Orthogonalization
{
    /// <summary>Root mean square of a step's numbers, about that of AdamW's (Liu et al. 2025, section 2.2), so that one learning rate serves both.</summary>
    private const double StepSize = 0.2;

    // Jordan et al. 2024: a polynomial that takes singular values of up to 1 near to 1 in few rounds, 0.7 to 1.2 being near enough.
    private const int Rounds = 5;
    private const double Linear = 3.4445, Cubic = -4.7750, Quintic = 2.0315;

    /// <summary>The orthogonal matrix next to each one, in the length of a step.</summary>
    /// <param name="matrices">[count, rows, columns], float32.</param>
    internal static Tensor Steps(Tensor matrices)
    {
        long rows = matrices.shape[1], columns = matrices.shape[2];
        bool tall = rows > columns;
        // Singular values are at most the length of all the numbers.
        var x = matrices / matrices.square().sum([1, 2], keepdim: true).sqrt_().add_(1e-7);
        if (tall)
            x = x.mT.contiguous();
        for (int round = 0; round < Rounds; round++)
        {
            var square = x.bmm(x.mT);
            x = square.bmm(square).mul_(Quintic).add_(square, alpha: Cubic).bmm(x).add_(x, alpha: Linear);
        }

        return (tall ? x.mT : x).mul(StepSize * Math.Sqrt(Math.Max(rows, columns)));
    }
}
