using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>
/// How near the self-attention layers of the published language model come to the rate of a plain matrix product. A single byte is read and
/// a single position decoded, so that nothing else takes time; only matrix products are counted, all else is overhead.
/// </summary>
internal static class LatentStack
{
    /// <summary>Measures.</summary>
    /// <param name="precisions">The precisions; 8-bit integers are held against the product in float32.</param>
    internal static IEnumerable<string> Measure(IReadOnlyList<PerceiverPrecision> precisions)
    {
        using var inference = inference_mode();
        using var ids = full([1, 1], 70L);
        using var positions = zeros([1, 1], ScalarType.Int64);
        foreach (var precision in precisions)
        {
            using var model = PerceiverCheckpoint.FromDirectory(PublishedSize.Folder)
                .Load(c => new PerceiverForMaskedLM(c, initialize: false), precision: precision).Model;
            var c = model.Config;
            double encoder = Work.Encoder(c, 1, c.ModelChannels);
            double decoder = Work.Cross(1, c.ModelChannels, c.NumLatents, c.LatentChannels, 256, c.ModelChannels, 1, constantQuery: false);
            double operations = encoder + decoder;
            model.LogitsAt(ids, positions).Dispose();
            var (_, work) = Gemm.ByTurns(precision.ToScalarType(), () => model.LogitsAt(ids, positions).Dispose());
            string name = precision.ToString().ToLowerInvariant();
            yield return Measured.Figure($"latent_stack_{name}_gemm_share", 1e-9 * operations / work, "ratio");
        }
    }
}
