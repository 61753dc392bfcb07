using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Modules;

/// <summary>The forms of attention and which one a processor gets.</summary>
[TestClass]
public sealed class AttentionFormTests
{
    private const long Many = 1L << 22, Few = 8 * 32 * 64;

    // Units, bfloat16, scores, queries, channels of keys, channels of values, gradients.
    [TestMethod]
    [DataRow("Amx", true, Many, 512, 261, 261, false, "Padded", DisplayName = "AMX packs even channels only")]
    [DataRow("Amx", true, Many, 2048, 322, 322, false, "Fused", DisplayName = "AMX, even channels")]
    [DataRow("Amx", true, Many, 2048, 32, 32, false, "Fused", DisplayName = "AMX, flow's latents")]
    [DataRow("Amx", true, Many, 512, 512, 512, false, "Plain", DisplayName = "AMX, wide heads of few queries")]
    [DataRow("Amx", true, Many, 16384, 512, 512, false, "Fused", DisplayName = "AMX, wide heads of many queries")]
    [DataRow("Amx", true, Many, 256, 32, 160, false, "Plain", DisplayName = "AMX, unequal channels")]
    [DataRow("Amx", true, Many, 2048, 32, 32, true, "Plain", DisplayName = "AMX, a backward pass")]
    [DataRow("Amx", false, Many, 512, 261, 261, false, "Fused", DisplayName = "float32 needs no padding")]
    [DataRow("Avx512BFloat16", true, Many, 2048, 32, 32, false, "Plain", DisplayName = "AVX512_BF16")]
    [DataRow("Avx512BFloat16", true, Many, 512, 261, 261, false, "Plain", DisplayName = "AVX512_BF16, odd channels")]
    [DataRow("Avx512BFloat16", false, Many, 2048, 32, 32, false, "Fused", DisplayName = "AVX512_BF16, float32")]
    [DataRow("None", false, Many, 2048, 32, 32, true, "Fused", DisplayName = "float32, a backward pass")]
    [DataRow("None", false, Many, 256, 32, 160, false, "Plain", DisplayName = "float32, unequal channels")]
    [DataRow("None", true, Many, 2048, 32, 32, false, "Plain", DisplayName = "no unit for bfloat16")]
    [DataRow("Avx512BFloat16", true, Few, 32, 24, 24, false, "Fused", DisplayName = "AVX512_BF16, few scores")]
    [DataRow("Avx512BFloat16", true, Few, 32, 24, 24, true, "Plain", DisplayName = "AVX512_BF16, few scores, a backward pass")]
    [DataRow("Avx512BFloat16", true, Few, 32, 24, 32, false, "Plain", DisplayName = "AVX512_BF16, few scores, unequal channels")]
    [DataRow("Amx", true, Few, 32, 21, 21, false, "Padded", DisplayName = "AMX, few scores of odd channels")]
    [DataRow("None", true, Few, 32, 24, 24, false, "Plain", DisplayName = "no unit for bfloat16, few scores")]
    public void A_processor_gets_the_form_that_was_measured_to_be_fast(
        string units, bool isReduced, long scores, int queries, int keyChannels, int valueChannels, bool hasGradients, string expected)
    {
        var type = isReduced ? ScalarType.BFloat16 : ScalarType.Float32;
        var form = AttentionForms.Choose(Enum.Parse<MatrixUnits>(units), type, scores, queries, keyChannels, valueChannels, hasGradients);
        Assert.AreEqual(Enum.Parse<AttentionForm>(expected), form);
    }

    [TestMethod]
    [DataRow("Amx", Few, true)]
    [DataRow("Amx", Many, true)]
    [DataRow("Avx512BFloat16", Few, false)]
    [DataRow("Avx512BFloat16", Many, true)]
    [DataRow("None", Many, false)]
    public void Queries_of_8_bit_products_attend_in_bfloat16_where_that_is_faster(string units, long scores, bool expected) =>
        Assert.AreEqual(expected, AttentionForms.NarrowsInt8(Enum.Parse<MatrixUnits>(units), scores));

    [TestMethod]
    [DataRow(21, 21, DisplayName = "odd channels")]
    [DataRow(32, 32, DisplayName = "nothing to pad")]
    [DataRow(8, 20, DisplayName = "wider values")]
    [DataRow(20, 8, DisplayName = "wider keys")]
    public void All_forms_give_the_same(int keyChannels, int valueChannels)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        var (query, key, value) = (Floats(2, 3, 37, keyChannels), Floats(2, 3, 90, keyChannels), Floats(2, 3, 90, valueChannels));
        var bias = Floats(2, 1, 37, 90);
        var plain = AttentionKernel.InParts(query, key, value, bias, null, 0);
        TinyModels.AssertSame(plain, AttentionKernel.Fused(query, key, value, bias));
        TinyModels.AssertSame(plain, AttentionKernel.Padded(query, key, value, bias));
    }

    private static Tensor Floats(params long[] shape) => randn(shape, generator: new Generator(5));
}
