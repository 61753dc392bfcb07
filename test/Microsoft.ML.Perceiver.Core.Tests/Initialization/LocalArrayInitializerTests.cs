using Microsoft.ML.Perceiver.Tests.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Initialization;

/// <summary>The first weights of models of arrays: what reads what.</summary>
[TestClass]
public sealed class LocalArrayInitializerTests
{
    private const int Latents = 16, Heads = 2;

    private static readonly PerceiverConfig Config = new()
    {
        NumLatents = Latents,
        LatentChannels = 96,
        NumSelfAttendsPerBlock = 1,
        NumSelfAttentionHeads = 2,
        NumCrossAttentionHeads = Heads,
        QueryKeyChannels = 96,
        ValueChannels = 96,
        AttentionDropout = 0,
    };

    [TestMethod]
    [DataRow(160, 32)]
    [DataRow(160, 20)]
    [DataRow(16, 0)]
    public void A_latent_of_a_series_reads_its_own_part(int length, int projected)
    {
        using var scope = NewDisposeScope();
        var settings = new PerceiverArraySettings
        {
            InputShape = [length],
            NumBands = 24,
            ProjectedChannels = projected == 0 ? null : projected,
            Output = "positions",
        };
        var output = Attentions(settings, TinyModels.Normal(1, 1, length, 1));
        // [heads, latents, steps]: the head's half of the latent's cell, or the steps beside it.
        double cell = length / (double)Latents;
        var steps = arange(length, ScalarType.Float32);
        for (int head = 0; head < Heads; head++)
        {
            for (int latent = 0; latent < Latents; latent++)
            {
                double place = (latent + (head + 0.5) / Heads) * cell - 0.5;
                var near = (steps - place).abs().le(cell + 0.5).to(ScalarType.Float32);
                float share = output[0][0, head, latent].mul(near).sum().item<float>();
                // More than from all other steps together; by chance it would be an eighth. The waves nearly coincide at both ends, so that
                // a latent at an end reads a third at the other one.
                Assert.IsGreaterThan(0.5f, share, $"head {head}, latent {latent}");
            }
        }

        // [1, steps, latents]: a step asks a latent at most two from its own. The waves that fit into the array a whole number of times are
        // the same at both ends, so that the latent at the other end is one beside it.
        var asked = output[1][0][0].argmax(-1);
        for (int step = 0; step < length; step++)
        {
            double distance = Math.Abs((step + 0.5) / cell - 0.5 - asked[step].item<long>());
            Assert.IsLessThanOrEqualTo(2.0, Math.Min(distance, Latents - distance), $"step {step}");
        }
    }

    [TestMethod]
    public void A_latent_of_a_grid_reads_the_places_around_it()
    {
        using var scope = NewDisposeScope();
        const int side = 12, anchors = 4;
        var settings = new PerceiverArraySettings { InputShape = [side, side], NumBands = 16, ProjectedChannels = 32 };
        var probabilities = Attentions(settings, TinyModels.Normal(1, 1, side, side, 1))[0][0].view(Heads, Latents, side, side);
        var places = arange(side, ScalarType.Float32);
        var (rows, columns) = (probabilities.sum([3]).matmul(places).mean([0]), probabilities.sum([2]).matmul(places).mean([0]));
        for (int latent = 0; latent < Latents; latent++)
        {
            Assert.AreEqual((latent / anchors + 0.5) * 3 - 0.5, rows[latent].item<float>(), 1.8, $"row of {latent}");
            Assert.AreEqual((latent % anchors + 0.5) * 3 - 0.5, columns[latent].item<float>(), 1.8, $"column of {latent}");
        }
    }

    [TestMethod]
    public void A_point_is_read_by_the_latent_near_its_coordinates()
    {
        using var scope = NewDisposeScope();
        var settings = new PerceiverArraySettings
        {
            InputShape = [64],
            Positions = "coordinates",
            CoordinateResolutions = [8, 8],
            NumBands = 8,
            Output = "coordinates",
        };
        var points = TinyModels.Normal(2, 1, 64, 2).tanh();
        var output = Attentions(settings, ones(1, 64, 1), points, points);
        // Of the latents that read a point most, and of those that its query asks, the anchors lie in the point's cell or beside it.
        var reading = output[0][0].sum([0]).argmax(0);
        var asked = output[1][0][0].argmax(-1);
        int near = 0;
        for (int i = 0; i < 64; i++)
        {
            foreach (var latents in (Tensor[])[reading, asked])
            {
                long latent = latents[i].item<long>();
                double y = -1 + (latent / 4 + 0.5) / 2, x = -1 + (latent % 4 + 0.5) / 2;
                bool isNear = Math.Abs(points[0, i, 0].item<float>() - y) < 0.75 && Math.Abs(points[0, i, 1].item<float>() - x) < 0.75;
                near += isNear ? 1 : 0;
            }
        }

        // By chance it would be 0.5 of a quarter of the anchors.
        Assert.IsGreaterThanOrEqualTo(110, near);
    }

    [TestMethod]
    [DataRow(12, new[] { 3.0, 30, 40 }, new[] { 1, 3, 4 })]
    [DataRow(16, new[] { 8.0, 8 }, new[] { 4, 4 })]
    [DataRow(32, new[] { 500.0 }, new[] { 32 })]
    [DataRow(8, new[] { 1.0, 100 }, new[] { 1, 8 })]
    public void Anchors_divide_an_array_into_equal_parts(int anchors, double[] sizes, int[] expected) =>
        CollectionAssert.AreEqual(expected, LocalArrayGrid.Factors(anchors, sizes));

    [TestMethod]
    [DataRow(new[] { 1 }, "fourier")]
    [DataRow(new[] { 5 }, "trainable")]
    [DataRow(new[] { 2 }, "fourier")]
    [DataRow(new[] { 2, 2, 2 }, "fourier")]
    [DataRow(new[] { 2, 9 }, "fourier")]
    [DataRow(new[] { 1, 1, 7 }, "fourier")]
    [DataRow(new[] { 3, 4, 5 }, "fourier")]
    public void Small_arrays_have_finite_answers(int[] shape, string positions)
    {
        using var scope = NewDisposeScope();
        foreach (int bands in new[] { 1, 2, 5 })
        {
            var settings = new PerceiverArraySettings { InputShape = shape, Positions = positions, NumBands = bands, PositionChannels = 3 };
            var logits = Model(settings).forward(TinyModels.Normal(1, [2, .. shape.Select(n => (long)n), 1])).Logits;
            Assert.IsTrue(logits.isfinite().all().item<bool>());
            Assert.IsGreaterThan(1e-3f, TinyModels.MaxDifference(logits[0], logits[1]));
        }
    }

    [TestMethod]
    public void It_is_for_arrays_alone()
    {
        var checkpoint = PerceiverCheckpoint.FromConfig(TinyModels.Config, 1, PerceiverInitialization.LocalArray);
        var error = Assert.ThrowsExactly<ArgumentException>(
            () => checkpoint.Load(c => new PerceiverForMaskedLM(c, initialize: false)));
        Assert.Contains("LocalArray", error.Message);
    }

    private static IReadOnlyList<Tensor> Attentions(
        PerceiverArraySettings settings, Tensor inputs, Tensor? coordinates = null, Tensor? outputCoordinates = null)
    {
        using var gradients = no_grad();
        return Model(settings).forward(
            inputs, outputAttentions: true, coordinates: coordinates, outputCoordinates: outputCoordinates).CrossAttentions!;
    }

    private static PerceiverForArray Model(PerceiverArraySettings settings) => PerceiverCheckpoint
        .FromConfig(Config with { Array = settings }, 1, PerceiverInitialization.LocalArray)
        .Load(c => new PerceiverForArray(c, initialize: false)).Model;
}
