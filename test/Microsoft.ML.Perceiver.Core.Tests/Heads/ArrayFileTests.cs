using System.Text.Json.Nodes;
using Microsoft.ML.Perceiver.Tests.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Heads;

/// <summary>Folders, precisions and wrong settings of the head of arrays.</summary>
[TestClass]
public sealed class ArrayFileTests
{
    [TestMethod]
    [DataRow(nameof(TinyArrays.Series))]
    [DataRow(nameof(TinyArrays.Grid))]
    [DataRow(nameof(TinyArrays.Film))]
    [DataRow(nameof(TinyArrays.Points))]
    [DataRow(nameof(TinyArrays.Table))]
    public void A_saved_folder_gives_the_same_answers_and_is_no_model_of_the_reference(string kind)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var folder = new TemporaryFolder();
        var settings = TinyArrays.Of(kind);
        using var model = new PerceiverForArray(TinyArrays.Config(settings), seed: 1);
        model.SavePretrained(folder.Path);
        var json = JsonNode.Parse(File.ReadAllText(folder["config.json"]))!;
        Assert.AreEqual("perceiver_array", (string)json["model_type"]!);
        Assert.AreEqual(nameof(PerceiverForArray), (string)json["architectures"]![0]!);
        CollectionAssert.AreEquivalent(
            new[] { "config.json", "model.safetensors" }, Directory.GetFiles(folder.Path).Select(Path.GetFileName).ToArray());

        using var loaded = PerceiverForArray.FromPretrained(folder.Path);
        Assert.AreEqual(0f, TinyModels.MaxDifference(Answers(model), Answers(loaded)));
        using var any = PerceiverModels.FromPretrained(folder.Path);
        Assert.IsInstanceOfType<PerceiverForArray>(any);
        using var again = new TemporaryFolder();
        loaded.SavePretrained(again.Path);
        Assert.AreEqual(File.ReadAllText(folder["config.json"]), File.ReadAllText(again["config.json"]));
    }

    [TestMethod]
    public void The_type_of_model_is_for_this_head_alone()
    {
        const string settings = "\"array\": { \"input_shape\": 7 }, \"model_type\"";
        PerceiverConfig.FromJson($$"""{ "architectures": ["PerceiverForMaskedLM"], {{settings}}: "perceiver" }""").Validate();
        foreach (string head in (string[])["PerceiverForMaskedLM", "PerceiverModel"])
        {
            var error = Assert.ThrowsExactly<FormatException>(
                () => PerceiverConfig.FromJson($$"""{ "architectures": ["{{head}}"], "model_type": "perceiver_array" }"""));
            Assert.Contains("perceiver_array", error.Message);
        }

        using var folder = new TemporaryFolder();
        var config = TinyArrays.Config(TinyArrays.Series) with { ModelType = "perceiver_array" };
        using (var other = new PerceiverForMaskedLM(config, seed: 1))
            other.SavePretrained(folder.Path);
        using var loaded = PerceiverForMaskedLM.FromPretrained(folder.Path);
        Assert.AreEqual("perceiver", loaded.Config.ModelType);
        Assert.IsNull(loaded.Config.Array);
    }

    [TestMethod]
    [DataRow(PerceiverPrecision.BFloat16)]
    [DataRow(PerceiverPrecision.Int8)]
    public void Other_precisions_read_numbers_beside_a_large_mean(PerceiverPrecision precision)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var folder = new TemporaryFolder();
        // bfloat16 has 8 binary digits: without the mean taken away first, all inputs would be 10,000.
        var settings = TinyArrays.Series with { Means = [10000, -10000], Deviations = [1, 1] };
        using var model = new PerceiverForArray(TinyArrays.Config(settings), seed: 1);
        model.SavePretrained(folder.Path);
        var checkpoint = PerceiverCheckpoint.FromDirectory(folder.Path);
        using var other = checkpoint.Load(c => new PerceiverForArray(c, initialize: false), precision: precision).Model;
        var (expected, actual) = (Answers(model), Answers(other).to(ScalarType.Float32));
        float spread = (expected - expected.mean([0], keepdim: true)).abs().max().item<float>();
        Assert.IsLessThan(0.2f * spread, TinyModels.MaxDifference(expected, actual));
        Assert.IsGreaterThan(0f, TinyModels.MaxDifference(expected, actual));
    }

    [TestMethod]
    public void Prepared_weights_give_the_same_answers()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var model = new PerceiverForArray(TinyArrays.Config(TinyArrays.Grid), seed: 1);
        var expected = Answers(model);
        model.PrepareForInference();
        TinyModels.AssertSame(expected, Answers(model));
    }

    [TestMethod]
    [DataRow(PerceiverPrecision.BFloat16)]
    [DataRow(PerceiverPrecision.Int8)]
    public void Other_precisions_read_tables_in_bins(PerceiverPrecision precision)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var folder = new TemporaryFolder();
        using var model = new PerceiverForArray(TinyArrays.Config(TinyArrays.Table), seed: 1);
        model.SavePretrained(folder.Path);
        var checkpoint = PerceiverCheckpoint.FromDirectory(folder.Path);
        using var other = checkpoint.Load(c => new PerceiverForArray(c, initialize: false), precision: precision).Model;
        var (expected, actual) = (Answers(model), Answers(other).to(ScalarType.Float32));
        float spread = (expected - expected.mean([0], keepdim: true)).abs().max().item<float>();
        Assert.IsLessThan(0.2f * spread, TinyModels.MaxDifference(expected, actual));
        Assert.IsGreaterThan(0f, TinyModels.MaxDifference(expected, actual));
    }

    [TestMethod]
    [DataRow("""{"input_shape": []}""", "array.input_shape")]
    [DataRow("""{"input_shape": [2, 3, 4, 5]}""", "array.input_shape")]
    [DataRow("""{"input_shape": null}""", "array.input_shape")]
    [DataRow("""{"input_shape": [0]}""", "array.input_shape")]
    [DataRow("""{"input_shape": [-2, -3]}""", "array.input_shape")]
    [DataRow("""{"input_shape": [2000000000]}""", "array.input_shape")]
    [DataRow("""{"input_shape": [100000, 100000]}""", "array of input_shape [100000, 100000]")]
    [DataRow("""{"input_shape": [4000, 4000]}""", "array.input_shape")]
    [DataRow("""{}""", "input_shape")]
    [DataRow("""{"input_shape": [8], "input_channels": 0}""", "array.input_channels")]
    [DataRow("""{"input_shape": [8], "input_channels": 70000}""", "array.input_channels")]
    [DataRow("""{"input_shape": [8], "patch": [3]}""", "array.patch")]
    [DataRow("""{"input_shape": [8], "patch": [2, 2]}""", "array.patch")]
    [DataRow("""{"input_shape": [8], "patch": [0]}""", "array.patch")]
    [DataRow("""{"input_shape": [1000000], "patch": [1000000]}""", "array.patch")]
    [DataRow("""{"input_shape": [8], "positions": "sinus"}""", "array.positions")]
    [DataRow("""{"input_shape": [8], "positions": null}""", "array.positions")]
    [DataRow("""{"input_shape": [8], "positions": "coordinates"}""", "array.coordinate_resolutions")]
    [DataRow("""{"input_shape": [8, 2], "positions": "coordinates", "coordinate_resolutions": [4]}""", "array.input_shape")]
    [DataRow("""{"input_shape": [8], "positions": "coordinates", "coordinate_resolutions": [4], "patch": [2]}""", "array.patch")]
    [DataRow("""{"input_shape": [8], "coordinate_resolutions": [4, 4]}""", "array.coordinate_resolutions")]
    [DataRow("""{"input_shape": [8], "coordinate_resolutions": [0]}""", "array.coordinate_resolutions")]
    [DataRow("""{"input_shape": [8], "num_bands": 0}""", "array.num_bands")]
    [DataRow("""{"input_shape": [8], "num_bands": 1000000000}""", "array.num_bands")]
    [DataRow("""{"input_shape": [8], "position_channels": -1}""", "array.position_channels")]
    [DataRow("""{"input_shape": [8], "projected_channels": 0}""", "array.projected_channels")]
    [DataRow("""{"input_shape": [8], "output": "all"}""", "array.output")]
    [DataRow("""{"input_shape": [8], "means": [1]}""", "array.deviations")]
    [DataRow("""{"input_shape": [8], "means": [1], "deviations": [0]}""", "array.deviations")]
    [DataRow("""{"input_shape": [8], "means": [1, 2], "deviations": [1, 2]}""", "array.means")]
    [DataRow("""{"input_shape": [8], "means": [1e999], "deviations": [1]}""", "array.means")]
    [DataRow("""{"input_shape": [2], "means": [1], "deviations": [1, 2]}""", "array.means")]
    [DataRow("""{"input_shape": [2], "projected_channels": 4, "bins": [[0, 1]]}""", "array.bins")]
    [DataRow("""{"input_shape": [2], "projected_channels": 4, "bins": [[0, 1], [0, 1, 2]]}""", "array.bins has at 1")]
    [DataRow("""{"input_shape": [2], "projected_channels": 4, "bins": [[0, 1], [1, 1]]}""", "array.bins has at 1")]
    [DataRow("""{"input_shape": [2], "projected_channels": 4, "bins": [[0, 1], [1, 1.00000000001]]}""", "array.bins has at 1")]
    [DataRow("""{"input_shape": [2], "projected_channels": 4, "bins": [[0, 1], [0, 1e999]]}""", "array.bins")]
    [DataRow("""{"input_shape": [2], "projected_channels": 4, "bins": [[0], [0]]}""", "array.bins")]
    [DataRow("""{"input_shape": [2], "projected_channels": 4, "bins": [null, [0, 1]]}""", "array.bins")]
    [DataRow("""{"input_shape": [2], "bins": [[0, 1], [0, 1]]}""", "array.projected_channels")]
    [DataRow("""{"input_shape": [2], "patch": [2], "projected_channels": 4, "bins": [[0, 1]]}""", "array.bins")]
    [DataRow("""{"input_shape": "all"}""", "input_shape")]
    [DataRow("3", "array")]
    [DataRow("null", "'array'")]
    public void A_wrong_setting_is_refused_by_name(string array, string name)
    {
        var error = Assert.Throws<Exception>(() =>
        {
            var config = PerceiverConfig.FromJson($$"""{ "architectures": ["PerceiverForArray"], "array": {{array}} }""");
            PerceiverModels.Create(config, initialize: false);
        });
        Assert.IsTrue(error is FormatException or ArgumentException, error.ToString());
        Assert.Contains(name, error.Message);
    }

    private static Tensor Answers(PerceiverForArray model)
    {
        var settings = model.Config.Array!;
        var inputs = TinyArrays.Inputs(settings, 4);
        if (settings.Means is { } means && means.Count == settings.InputChannels)
            inputs = inputs + tensor(means.ToArray(), ScalarType.Float32);
        return model.forward(inputs, coordinates: TinyArrays.Coordinates(settings, 4)).Logits;
    }
}
