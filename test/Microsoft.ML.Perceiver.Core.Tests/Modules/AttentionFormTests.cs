using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Modules;

/// <summary>The forms of attention and which one a processor gets.</summary>
[TestClass]
public sealed class AttentionFormTests
{
    // Units, bfloat16, queries, channels of keys, channels of values, gradients.
    [TestMethod]
    [DataRow("Amx", true, 512, 261, 261, false, "Padded", DisplayName = "AMX packs even channels only")]
    [DataRow("Amx", true, 2048, 322, 322, false, "Fused", DisplayName = "AMX, even channels")]
    [DataRow("Amx", true, 2048, 32, 32, false, "Fused", DisplayName = "AMX, flow's latents")]
    [DataRow("Amx", true, 512, 512, 512, false, "Plain", DisplayName = "AMX, wide heads of few queries")]
    [DataRow("Amx", true, 16384, 512, 512, false, "Fused", DisplayName = "AMX, wide heads of many queries")]
    [DataRow("Amx", true, 256, 32, 160, false, "Plain", DisplayName = "AMX, unequal channels")]
    [DataRow("Amx", true, 2048, 32, 32, true, "Plain", DisplayName = "AMX, a backward pass")]
    [DataRow("Amx", false, 512, 261, 261, false, "Fused", DisplayName = "float32 needs no padding")]
    [DataRow("Avx512BFloat16", true, 2048, 32, 32, false, "Plain", DisplayName = "AVX512_BF16")]
    [DataRow("Avx512BFloat16", true, 512, 261, 261, false, "Plain", DisplayName = "AVX512_BF16, odd channels")]
    [DataRow("Avx512BFloat16", false, 2048, 32, 32, false, "Fused", DisplayName = "AVX512_BF16, float32")]
    [DataRow("None", false, 2048, 32, 32, true, "Fused", DisplayName = "float32, a backward pass")]
    [DataRow("None", false, 256, 32, 160, false, "Plain", DisplayName = "float32, unequal channels")]
    [DataRow("None", true, 2048, 32, 32, false, "Plain", DisplayName = "no unit for bfloat16")]
    public void A_processor_gets_the_form_that_was_measured_to_be_fast(
        string units, bool isReduced, int queries, int keyChannels, int valueChannels, bool hasGradients, string expected)
    {
        var type = isReduced ? ScalarType.BFloat16 : ScalarType.Float32;
        var form = AttentionForms.Choose(Enum.Parse<MatrixUnits>(units), type, queries, keyChannels, valueChannels, hasGradients);
        Assert.AreEqual(Enum.Parse<AttentionForm>(expected), form);
    }

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
