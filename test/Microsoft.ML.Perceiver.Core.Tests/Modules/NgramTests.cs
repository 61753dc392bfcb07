using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Modules;

[TestClass]
public sealed class NgramTests
{
    private const string Table = "perceiver.input_preprocessor.ngrams.table.weight";
    private const string Projection = "perceiver.input_preprocessor.ngrams.projection.weight";

    private static readonly PerceiverNgrams Ngrams = new() { Sizes = [3, 2], Buckets = 50, Channels = 6 };
    private static readonly PerceiverConfig Config = TinyModels.Config with { Ngrams = Ngrams, InitializerRange = 0.3 };

    [TestMethod]
    public void The_runs_that_end_at_a_token_are_looked_up_summed_and_projected()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var model = new PerceiverForSentenceEmbedding(Config, seed: 1);
        var weights = model.state_dict();
        long[] tokens = [4, 'P' + 6, 'e' + 6, 'R' + 6, 'c' + 6, 5];
        long[] folded = [4, 'p' + 6, 'e' + 6, 'r' + 6, 'c' + 6, 5];
        var rows = new List<Tensor>();
        for (int at = 0; at < tokens.Length; at++)
            rows.Add(weights[Table][Hash(folded, at, 3)] + weights[Table][50 + Hash(folded, at, 2)]);
        var projected = stack(rows).matmul(weights[Projection].t()) + weights[Projection.Replace("weight", "bias")];

        var found = Embedded(model, tokens);
        foreach (string part in (string[])[Table, Projection, Projection.Replace("weight", "bias")])
            weights[part].zero_();
        TinyModels.AssertSame(projected, found - Embedded(model, tokens));
    }

    [TestMethod]
    public void Runs_read_backwards_alone_and_letters_without_case()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var module = new NgramEmbeddings(Ngrams, Config.VocabularySize, channels: 8);
        PerceiverModuleParameters.Initialize(module, seed: 3, 0.5);
        long[] text = [4, .. "Zebra"u8.ToArray().Select(b => b + 6L), 5];
        var whole = module.forward(tensor(text).unsqueeze(0));
        CollectionAssert.AreEqual(new long[] { 1, 7, 8 }, whole.shape);
        for (int length = 1; length <= text.Length; length++)
            TinyModels.AssertSame(module.forward(tensor(text[..length]).unsqueeze(0)), whole.narrow(1, 0, length));
        long[] upper = [4, .. "ZEBRA"u8.ToArray().Select(b => b + 6L), 5];
        TinyModels.AssertSame(whole, module.forward(tensor(upper).to(ScalarType.Int32).unsqueeze(0)));
        long[] other = [4, .. "Zebri"u8.ToArray().Select(b => b + 6L), 5];
        var changed = module.forward(tensor(other).unsqueeze(0));
        TinyModels.AssertSame(whole.narrow(1, 0, 5), changed.narrow(1, 0, 5));
        Assert.IsGreaterThan(1e-3f, TinyModels.MaxDifference(whole[0, 5], changed[0, 5]));
    }

    [TestMethod]
    [DataRow(PerceiverInitialization.TruncatedNormal)]
    [DataRow(PerceiverInitialization.LocalText)]
    public void A_saved_model_keeps_them_and_they_learn(PerceiverInitialization initialization)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var config = PerceiverCheckpoint.FromConfig(Config, 1, initialization);
        using (var model = config.Load(c => new PerceiverForMaskedLM(c, initialize: false)).Model)
        {
            model.train();
            model.forward(TinyModels.Ids(2, 7)).Logits.square().mean().backward();
            var parameters = model.named_parameters().ToDictionary(p => p.name, p => p.parameter);
            foreach (string name in (string[])[Table, Projection])
                Assert.IsGreaterThan(0f, parameters[name].grad!.abs().max().item<float>(), name);
            model.eval();
            model.SavePretrained(folder.Path);
            using var loaded = PerceiverForMaskedLM.FromPretrained(folder.Path);
            CollectionAssert.AreEqual(Ngrams.Sizes.ToArray(), loaded.Config.Ngrams!.Sizes.ToArray());
            using var inference = no_grad();
            var ids = TinyModels.Ids(2, 9);
            TinyModels.AssertSame(model.forward(ids).Logits, loaded.forward(ids).Logits);
        }
    }

    [TestMethod]
    public void A_checkpoint_without_them_does_not_fit_a_configuration_with_them()
    {
        using var folder = new TemporaryFolder();
        using (var plain = new PerceiverForMaskedLM(TinyModels.Config, seed: 1))
            plain.SavePretrained(folder.Path);
        var checkpoint = PerceiverCheckpoint.FromDirectory(folder.Path);
        var config = checkpoint.Config with { Ngrams = Ngrams };
        var error = Assert.ThrowsExactly<FormatException>(
            () => checkpoint.Load(c => new PerceiverForSentenceEmbedding(c, initialize: false), config, newHead: true));
        Assert.Contains(Table, error.Message);
    }

    [TestMethod]
    [DataRow("""{"sizes": [], "buckets": 8, "channels": 4}""", "ngrams.sizes")]
    [DataRow("""{"sizes": null, "buckets": 8, "channels": 4}""", "ngrams.sizes")]
    [DataRow("""{"sizes": [1], "buckets": 8, "channels": 4}""", "ngrams.sizes")]
    [DataRow("""{"sizes": [33], "buckets": 8, "channels": 4}""", "ngrams.sizes")]
    [DataRow("""{"sizes": [3, 3], "buckets": 8, "channels": 4}""", "ngrams.sizes")]
    [DataRow("""{"sizes": [3], "buckets": 0, "channels": 4}""", "ngrams.buckets")]
    [DataRow("""{"sizes": [3], "buckets": 2000000000, "channels": 4}""", "ngrams.buckets")]
    [DataRow("""{"sizes": [3], "buckets": 8, "channels": -1}""", "ngrams.channels")]
    [DataRow("""{"sizes": [3], "buckets": 8, "channels": 2000000000}""", "ngrams.channels")]
    [DataRow("""{"sizes": [3], "buckets": 8}""", "channels")]
    [DataRow("""{"sizes": "all", "buckets": 8, "channels": 4}""", "ngrams")]
    [DataRow("3", "ngrams")]
    public void A_wrong_setting_is_refused_by_name(string ngrams, string name)
    {
        using var folder = new TemporaryFolder();
        using (var plain = new PerceiverForMaskedLM(TinyModels.Config, seed: 1))
            plain.SavePretrained(folder.Path);
        string path = folder["config.json"];
        string text = File.ReadAllText(path);
        File.WriteAllText(path, text.Insert(text.IndexOf('{') + 1, $"\"ngrams\": {ngrams}, "));
        var error = Assert.Throws<Exception>(() => PerceiverForMaskedLM.FromPretrained(folder.Path));
        Assert.IsTrue(error is FormatException or ArgumentException, error.ToString());
        Assert.Contains(name, error.Message);
    }

    private static Tensor Embedded(PerceiverForSentenceEmbedding model, long[] tokens) =>
        model.Perceiver.InputPreprocessor!.forward(new PerceiverInputs(tensor(tokens).unsqueeze(0))).WithoutPositions![0];

    private static long Hash(long[] tokens, int at, int size)
    {
        long hash = 0, power = 1;
        for (int back = 0; back < size; back++)
        {
            hash = (hash + (at - back >= 0 ? tokens[at - back] : 0) * power) % 2147483629;
            power = power * 1000003 % 2147483629;
        }

        return hash % Ngrams.Buckets;
    }
}
