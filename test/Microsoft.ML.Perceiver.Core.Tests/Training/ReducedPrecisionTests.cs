using Microsoft.ML.Perceiver.Tests.Modules;
using TorchSharp;
using static Microsoft.ML.Perceiver.Tests.Training.TinyRun;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Training;

/// <summary>What a training in bfloat16 must not round for good.</summary>
[TestClass]
public sealed class ReducedPrecisionTests
{
    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void What_the_caller_froze_comes_back_as_it_was(bool evaluated)
    {
        using var scope = NewDisposeScope();
        using var model = new PerceiverForSequenceClassification(TinyModels.Config.WithLabels(["a", "b"]), seed: 2);
        string[] frozen = model.named_parameters().Where(p => p.name.StartsWith("perceiver.encoder", StringComparison.Ordinal)).Select(p =>
        {
            p.parameter.requires_grad = false;
            return p.name;
        }).ToArray();
        var before = Copy(model);
        using var cancellation = new CancellationTokenSource();
        var options = new PerceiverTrainingOptions
        {
            Epochs = 1,
            BatchSize = 2,
            Precision = PerceiverPrecision.BFloat16,
            CancellationToken = cancellation.Token,
            Progress = _ =>
            {
                if (!evaluated)
                    cancellation.Cancel();
            },
        };
        var rows = Enumerable.Range(0, 4).Select(i => new PerceiverTextExample([4, 70 + i, 80, 5], [i % 2])).ToArray();
        var objective = new PerceiverTextClassificationObjective(model, PerceiverProblemType.SingleLabel, [.. rows], [], options);
        Assert.AreEqual(evaluated ? 1 : 0, PerceiverTrainer.Run(objective, options).BestEpoch);
        var after = Copy(model);
        Assert.IsNotEmpty(frozen);
        Assert.IsTrue(frozen.All(name => before[name].equal(after[name]).all().item<bool>()));
        const string output = "perceiver.decoder.decoder.final_layer.weight";
        Assert.IsFalse(before[output].equal(after[output]).all().item<bool>());
        Assert.IsTrue(model.named_parameters().All(p => p.parameter.requires_grad != frozen.Contains(p.name)));
    }

    [TestMethod]
    public void Running_statistics_are_kept_in_full()
    {
        using var scope = NewDisposeScope();
        var full = Statistics(PerceiverPrecision.Float32);
        var reduced = Statistics(PerceiverPrecision.BFloat16);
        foreach (var (name, value) in full)
        {
            // bfloat16 rounds what the convolution gives by 2^-8 of it; four steps of 1e-4 in other directions change its weights, of 0.02,
            // by 4 % at most.
            Assert.IsLessThan(0.05f * value.std().item<float>(), (value - reduced[name]).abs().mean().item<float>(), name);
            var rounded = reduced[name].to(ScalarType.BFloat16).to(ScalarType.Float32);
            Assert.IsGreaterThan(0, reduced[name].ne(rounded).sum().item<long>(), name);
        }
    }

    [TestMethod]
    public void A_reduced_model_has_its_statistics_in_full_and_computes_with_them()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var model = Model(initializerRange: 0.2);
        model.eval();
        var pixels = rand(32, 3, 16, 16);
        var expected = model.forward(pixels).Logits;
        double noise = RoundingNoise.Of(model, PerceiverPrecision.BFloat16, () => model.forward(pixels).Logits);
        model.to(ScalarType.BFloat16);
        var running = model.named_buffers().Where(b => b.name.Contains("running", StringComparison.Ordinal));
        Assert.IsTrue(running.All(b => b.buffer.dtype == ScalarType.Float32));
        Assert.IsTrue(model.parameters().All(p => p.dtype == ScalarType.BFloat16));
        Assert.IsLessThan(noise, RoundingNoise.RootMeanSquare(expected, model.forward(pixels.to(ScalarType.BFloat16)).Logits));
    }

    private static PerceiverForImageClassification Model(double initializerRange = 0.02) => PerceiverForImageClassification.Create(
        (TinyModels.Config with
        {
            Architectures = [nameof(PerceiverForImageClassificationConvProcessing)],
            ImageSize = 16,
            NumCrossAttentionHeads = 1,
            ModelChannels = 322,
            InitializerRange = initializerRange,
        }).WithLabels(["a", "b"]),
        seed: 3);

    private static Dictionary<string, Tensor> Statistics(PerceiverPrecision precision)
    {
        using var model = Model();
        var options = new PerceiverTrainingOptions { Epochs = 2, BatchSize = 2, LearningRate = 1e-4, Precision = precision };
        var processor = new PerceiverImageProcessorOptions { DoResize = false, DoCenterCrop = false };
        var random = new Random(4);
        byte[] Pixels()
        {
            byte[] bytes = new byte[3 * 16 * 16];
            random.NextBytes(bytes);
            return bytes;
        }

        var rows = Enumerable.Range(0, 4).Select(i => new PerceiverImageExample(Pixels(), 3, 16, 16, [i % 2])).ToArray();
        PerceiverTrainer.Run(
            new PerceiverImageClassificationObjective(model, PerceiverProblemType.SingleLabel, [.. rows], [], processor, options), options);
        return Copy(model).Where(p => p.Key.Contains("running", StringComparison.Ordinal)).ToDictionary();
    }
}
