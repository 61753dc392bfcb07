using Microsoft.ML.Perceiver.Tests.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Pretrained;

/// <summary>Checkpoints that are converted while they are loaded.</summary>
[TestClass]
public sealed class LoadPrecisionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Weights_converted_on_the_way_equal_weights_converted_afterwards(bool fromFile)
    {
        using var scope = NewDisposeScope();
        var checkpoint = fromFile ? Saved() : PerceiverCheckpoint.FromConfig(TinyModels.Config, 4);
        using var afterwards = Load(checkpoint, PerceiverPrecision.Float32);
        afterwards.to(ScalarType.BFloat16);
        using var onTheWay = Load(checkpoint, PerceiverPrecision.BFloat16);
        foreach (var (name, expected) in afterwards.state_dict())
        {
            var actual = onTheWay.state_dict()[name];
            Assert.AreEqual(ScalarType.BFloat16, actual.dtype, name);
            Assert.AreEqual(0f, TinyModels.MaxDifference(expected, actual), name);
        }

        using var ids = full([1, 5], 70L);
        Assert.AreEqual(0f, TinyModels.MaxDifference(afterwards.forward(ids).Logits, onTheWay.forward(ids).Logits));
    }

    [TestMethod]
    public void Pages_that_were_given_back_can_be_read_again()
    {
        using var scope = NewDisposeScope();
        using (var model = new PerceiverForMaskedLM(TinyModels.Config with { VocabularySize = 9000 }, seed: 4))
            model.SavePretrained(_folder.Path);
        using var file = SafeTensorsFile.Open(_folder["model.safetensors"], map: true);
        var largest = file.Tensors.MaxBy(t => t.Length)!;
        Assert.IsGreaterThan(4 * Environment.SystemPageSize, largest.Length);
        var tensor = file.Get(largest.Name);
        var copy = tensor.clone();
        ((ITensorSource)file).ReleasePages(largest);
        Assert.AreEqual(0f, TinyModels.MaxDifference(copy, tensor));
    }

    [TestMethod]
    public void Buffers_of_statistics_stay_in_float32()
    {
        var config = new PerceiverConfig
        {
            NumLatents = 4,
            LatentChannels = 16,
            ModelChannels = 322,
            NumCrossAttentionHeads = 1,
            NumSelfAttendsPerBlock = 1,
            NumSelfAttentionHeads = 2,
        };
        var checkpoint = PerceiverCheckpoint.FromConfig(config, 4);
        using var model = checkpoint.Load(
            c => new PerceiverForImageClassificationConvProcessing(c, initialize: false), precision: PerceiverPrecision.BFloat16).Model;
        Assert.IsTrue(model.parameters().All(p => p.dtype == ScalarType.BFloat16));
        Assert.AreEqual(
            ScalarType.Float32, model.named_buffers().Single(b => b.name.EndsWith("running_mean", StringComparison.Ordinal)).buffer.dtype);
    }

    private PerceiverCheckpoint Saved()
    {
        using var model = new PerceiverForMaskedLM(TinyModels.Config, seed: 4);
        model.SavePretrained(_folder.Path);
        return PerceiverCheckpoint.FromDirectory(_folder.Path);
    }

    private static PerceiverForMaskedLM Load(PerceiverCheckpoint checkpoint, PerceiverPrecision precision) =>
        checkpoint.Load(c => new PerceiverForMaskedLM(c, initialize: false), precision: precision).Model;
}
