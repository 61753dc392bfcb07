using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Modules;

/// <summary>Products of 8-bit integers.</summary>
[TestClass]
public sealed class Int8Tests
{
    private static readonly PerceiverConfig Config = TinyModels.Config with { InitializerRange = 0.3 };

    [TestMethod]
    public void A_product_is_near_that_of_floats()
    {
        using var scope = NewDisposeScope();
        var (first, second) = (Linear(48, 20, 1), Linear(48, 37, 2));
        using var map = new Int8Map(first.Numbers, second.Numbers);
        CollectionAssert.AreEqual(new long[] { 20, 37 }, map.Outputs.ToArray());
        // Rows of all kinds, also beside zero.
        var x = TinyModels.Normal(3, 2, 5, 48) * tensor([0.01f, 1, 30, 1, 1]).view(5, 1) + tensor([0f, 0, 0, 3, -1]).view(5, 1);
        var expected = cat([nn.functional.linear(x, first.Weight, first.Bias), nn.functional.linear(x, second.Weight, second.Bias)], -1);
        var actual = map.Apply(x);
        CollectionAssert.AreEqual(expected.shape, actual.shape);
        AssertWithinSteps(x, cat([first.Weight, second.Weight]), expected, actual);
    }

    [TestMethod]
    public void Rows_without_any_range_are_exact_but_for_the_weights()
    {
        using var scope = NewDisposeScope();
        var linear = Linear(16, 3, 1);
        using var map = new Int8Map(linear.Numbers);
        var actual = map.Apply(cat([zeros(1, 16), full([1, 16], -2.5f)]));
        Assert.AreEqual(0f, TinyModels.MaxDifference(linear.Bias, actual[0]));
        var x = full([1, 16], -2.5f);
        AssertWithinSteps(x, linear.Weight, linear.forward(x), actual[1].unsqueeze(0));
    }

    [TestMethod]
    public void A_row_does_not_see_the_rows_beside_it()
    {
        using var scope = NewDisposeScope();
        using var map = new Int8Map(Linear(64, 24, 1).Numbers);
        var x = TinyModels.Normal(3, 7, 64) * arange(1, 8).view(7, 1);
        var together = map.Apply(x);
        for (int i = 0; i < 7; i++)
            Assert.IsLessThan(1e-4f, TinyModels.MaxDifference(together[i], map.Apply(x.narrow(0, i, 1))[0]));
    }

    [TestMethod]
    public void A_model_is_near_that_of_floats_and_keeps_its_floats()
    {
        using var scope = NewDisposeScope();
        var ids = TinyModels.Ids(8, 30);
        double noise = 0, difference = 0;
        // The weights of one model are rounded once, the same for all texts; several models make that a mean too.
        for (int seed = 1; seed <= 6; seed++)
        {
            using var exact = Load(PerceiverPrecision.Float32, seed);
            using var rounded = Load(PerceiverPrecision.Int8, seed);
            double ofModel = RoundingNoise.RootMeanSquare(exact.forward(ids).Logits, rounded.forward(ids).Logits);
            Assert.IsGreaterThan(0, ofModel);
            difference += ofModel;
            noise += RoundingNoise.Of(exact, PerceiverPrecision.Int8, () => exact.forward(ids).Logits);
            foreach (var (name, weight) in exact.state_dict())
                Assert.AreEqual(0f, TinyModels.MaxDifference(weight, rounded.state_dict()[name]), name);
        }

        Assert.IsLessThan(noise, difference);
    }

    [TestMethod]
    public void A_text_whose_bytes_are_all_masked_is_as_that_of_floats()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var exact = Load(PerceiverPrecision.Float32, seed: 1);
        using var rounded = Load(PerceiverPrecision.Int8, seed: 1);
        var ids = TinyModels.Ids(2, 30);
        var mask = ones(2, 30);
        mask[0].zero_();
        var (expected, actual) = (exact.forward(ids, mask).Logits, rounded.forward(ids, mask).Logits);
        double noise = RoundingNoise.Of(exact, PerceiverPrecision.Int8, () => exact.forward(ids, mask).Logits);
        Assert.IsLessThan(4 * noise, RoundingNoise.RootMeanSquare(expected, actual));
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_checkpoint_of_a_folder_gives_the_same_integers(bool isMapped)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var fromConfig = Load(PerceiverPrecision.Int8);
        fromConfig.SavePretrained(folder.Path);
        var checkpoint = PerceiverCheckpoint.FromDirectory(folder.Path);
        using var fromFolder = (isMapped ? checkpoint.WithMappedWeights() : checkpoint)
            .Load(c => new PerceiverForMaskedLM(c, initialize: false), precision: PerceiverPrecision.Int8).Model;
        var ids = TinyModels.Ids(2, 20);
        // The file's floats lie elsewhere in memory, which may change the rounding of the products that stay in floats: the last layer's.
        TinyModels.AssertSame(fromConfig.forward(ids).Logits, fromFolder.forward(ids).Logits);
    }

    [TestMethod]
    public void Integers_are_not_saved()
    {
        using var folder = new TemporaryFolder();
        using var model = Load(PerceiverPrecision.Int8);
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => model.SavePretrained(folder.Path, PerceiverPrecision.Int8));
        StringAssert.Contains(error.Message, "Float32, BFloat16 or Float16");
        Assert.IsEmpty(Directory.GetFileSystemEntries(folder.Path));
        model.SavePretrained(folder.Path);
        using var weights = PerceiverCheckpointWeights.Open(folder.Path);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => weights.SaveAs(folder["other.safetensors"], PerceiverPrecision.Int8));
    }

    [TestMethod]
    public void Training_computes_in_floats_and_leaves_no_old_integers()
    {
        using var scope = NewDisposeScope();
        using var model = Load(PerceiverPrecision.Int8);
        model.train();
        model.forward(TinyModels.Ids(2, 20)).Logits.sum().backward();
        var gradients = model.parameters().Select(p => p.grad).ToArray();
        Assert.IsTrue(gradients.Any(g => g is not null && g.abs().max().item<float>() > 0));
        model.eval();

        static int[] Text(int seed) => [.. TinyModels.Ids(1, 20, seed).data<long>().Select(id => (int)id)];
        var rows = PerceiverTextRows.FromTokens(Enumerable.Range(0, 12).Select(Text).ToArray());
        var options = new PerceiverTrainingOptions { Epochs = 2, BatchSize = 4, LearningRate = 1e-2 };
        var objective = new PerceiverMaskedLanguageObjective(model, rows, rows, options, new PerceiverMaskedLanguageOptions());
        PerceiverTrainer.Run(objective, options);
        using var copy = Load(PerceiverPrecision.Float32);
        copy.load_state_dict(model.state_dict());
        var ids = TinyModels.Ids(2, 20);
        TinyModels.AssertSame(copy.forward(ids).Logits, model.forward(ids).Logits);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => PerceiverTrainer.Run(
            objective, options with { Precision = PerceiverPrecision.Int8 }));
    }

    [TestMethod]
    public void A_disposed_model_leaves_nothing_behind()
    {
        // TorchSharp counts a tensor that became a parameter for ever.
        static long Growth(PerceiverPrecision precision)
        {
            long before = TinyModels.TensorsBefore();
            Load(precision).Dispose();
            return Tensor.TotalCount - before;
        }

        Assert.AreEqual(Growth(PerceiverPrecision.Float32), Growth(PerceiverPrecision.Int8));
    }

    /// <summary>
    /// Asserts that no number of a product is further from float32's than its steps allow. A row x is rounded to x' with |x' - x| at most
    /// half its step, a weight w to w' likewise: |x'w' - xw| is at most |w'||x' - x| + |x||w' - w|, and |w'| at most |w| and half a step. A
    /// row's step is its range / 127,
    /// the coarser one of processors without VNNI, a weight's its output's largest weight / 127.
    /// </summary>
    private static void AssertWithinSteps(Tensor x, Tensor weight, Tensor expected, Tensor actual)
    {
        var rowStep = (x.amax([-1], keepdim: true) - x.amin([-1], keepdim: true)) / 127;
        var weightStep = weight.abs().amax([1]) / 127;
        var ofRows = rowStep / 2 * (weight.abs().sum(1) + weight.shape[1] * weightStep / 2);
        var ofWeights = x.abs().sum(-1, keepdim: true) * weightStep / 2;
        var bound = ofRows + ofWeights;
        var rounding = TinyModels.Rounding * (1 + expected.abs());
        Assert.IsFalse(actual.isnan().any().item<bool>());
        Assert.IsLessThanOrEqualTo(0f, ((actual - expected).abs() - bound - rounding).max().item<float>());
    }

    private static PerceiverForMaskedLM Load(PerceiverPrecision precision, long seed = 4) =>
        PerceiverCheckpoint.FromConfig(Config, seed).Load(c => new PerceiverForMaskedLM(c, initialize: false), precision: precision).Model;

    private static PerceiverLinear Linear(int inputs, int outputs, int seed)
    {
        var linear = new PerceiverLinear(inputs, outputs);
        PerceiverModuleParameters.Initialize(linear, seed, 0.3);
        linear.eval();
        using (no_grad())
            linear.Bias.copy_(TinyModels.Normal(seed + 10, outputs));
        return linear;
    }
}
