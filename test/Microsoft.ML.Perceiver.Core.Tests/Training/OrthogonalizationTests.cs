using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Training;

/// <summary>The steps of Muon.</summary>
[TestClass]
public sealed class OrthogonalizationTests
{
    [TestMethod]
    [DataRow(24, 24, DisplayName = "square")]
    [DataRow(24, 40, DisplayName = "wide")]
    [DataRow(40, 24, DisplayName = "tall")]
    [DataRow(16, 64, DisplayName = "long rows, by rounds on the square")]
    [DataRow(64, 16, DisplayName = "long columns, by rounds on the square")]
    public void All_singular_values_become_alike(int rows, int columns)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var matrices = Matrices(rows, columns);
        double unit = 0.2 * Math.Sqrt(Math.Max(rows, columns));
        foreach (var (type, low, high) in new[] { (ScalarType.Float32, 0.6, 1.3), (ScalarType.BFloat16, 0.55, 1.35) })
        {
            var steps = Orthogonalization.Steps(matrices, type);
            CollectionAssert.AreEqual(matrices.shape, steps.shape);
            Assert.AreEqual(ScalarType.Float32, steps.dtype);
            var singular = linalg.svdvals(steps) / unit;
            Assert.IsGreaterThan(low, singular.min().item<float>(), type.ToString());
            Assert.IsLessThan(high, singular.max().item<float>(), type.ToString());
        }
    }

    // Against the rounds as they are published, in float64.
    [TestMethod]
    [DataRow(24, 24)]
    [DataRow(16, 64)]
    [DataRow(64, 16)]
    public void Steps_follow_the_published_rounds(int rows, int columns)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var matrices = Matrices(rows, columns);
        var x = matrices.to(ScalarType.Float64);
        x /= linalg.norm(x, dims: [1, 2], keepdim: true);
        if (rows > columns)
            x = x.mT;
        for (int round = 0; round < 5; round++)
        {
            var square = x.matmul(x.mT);
            x = 3.4445 * x + (-4.7750 * square + 2.0315 * square.matmul(square)).matmul(x);
        }

        var expected = (rows > columns ? x.mT : x) * (0.2 * Math.Sqrt(Math.Max(rows, columns)));
        var actual = Orthogonalization.Steps(matrices, ScalarType.Float32).to(ScalarType.Float64);
        Assert.IsLessThan(1e-4, (actual - expected).abs().max().item<double>());
        var reduced = Orthogonalization.Steps(matrices, ScalarType.BFloat16).to(ScalarType.Float64);
        Assert.IsLessThan(0.1, ((reduced - expected).norm() / expected.norm()).item<double>());
    }

    // Singular values from 1 down to a fortieth.
    private static Tensor Matrices(long rows, long columns)
    {
        using var generator = new Generator(3);
        var scales = linspace(1, 0.025, Math.Min(rows, columns));
        var (left, _, right) = linalg.svd(randn([2, rows, columns], generator: generator), fullMatrices: false);
        return (left * scales).matmul(right);
    }
}
