using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Parity;

/// <summary>The harness itself, with cases that this library's own models answer: what a case says is used, or the case fails.</summary>
[TestClass]
public sealed class ParityHarnessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private const string TextWithPostprocessor = """
        {
          "kind": "model", "class": "PerceiverModel",
          "parts": {
            "input_preprocessor": {"class": "PerceiverTextPreprocessor"},
            "decoder": {"class": "PerceiverBasicDecoder", "kwargs": {
              "output_num_channels": 7, "output_index_dims": 3,
              "trainable_position_encoding_kwargs": {"index_dims": 3}, "fourier_position_encoding_kwargs": null}},
            "output_postprocessor": {"class": "PerceiverProjectionPostprocessor", "kwargs": {"in_channels": 7, "out_channels": 5}}
          },
          "runs": [{"name": "r", "kwargs": {"output_attentions": false, "return_dict": true, "output_hidden_states": null},
            "inputs": ["inputs"], "outputs": ["logits", "hidden_states.0"]}],
          "preprocessor_num_channels": 24, "num_query_channels": 7
        }
        """;

    private const string ImageModule = """
        {
          "kind": "module", "class": "PerceiverImagePreprocessor",
          "spec": {"class": "PerceiverImagePreprocessor", "kwargs": {
            "prep_type": "pixels", "spatial_downsample": 1, "in_channels": 1, "concat_or_add_pos": "add",
            "position_encoding_type": "trainable", "trainable_position_encoding_kwargs": {"index_dims": [2, 3], "num_channels": 4}}},
          "runs": [{"name": "r", "inputs": ["inputs"], "outputs": ["preprocessed"]}],
          "preprocessor_num_channels": 4
        }
        """;

    [TestMethod]
    public void A_model_with_all_its_parts_is_built_from_the_files_alone() => Write(TextWithPostprocessor).Run();

    [TestMethod]
    public void A_preprocessor_is_run_on_its_own() => Write(ImageModule).Run();

    [TestMethod]
    public void Trainable_positions_are_128_wide_where_nothing_is_said()
    {
        using var spec = System.Text.Json.JsonDocument.Parse("""
            {"class": "PerceiverBasicDecoder",
             "kwargs": {"position_encoding_only": true, "trainable_position_encoding_kwargs": {"index_dims": 3}}}
            """);
        using var decoder = PartFactory.Decoder(TinyConfig, spec.RootElement);
        Assert.AreEqual(128, decoder.NumQueryChannels);
    }

    [TestMethod]
    [DataRow("'return_dict': true", "'surprise': 1", "surprise")]
    [DataRow("'inputs': ['inputs']", "'inputs': ['inputs', 'inputs_embeds']", "inputs_embeds")]
    [DataRow(
        "'trainable_position_encoding_kwargs': {'index_dims': 3}",
        "'trainable_position_encoding_kwargs': {'index_dims': 3, 'surprise': 1}",
        "surprise")]
    [DataRow("'class': 'PerceiverTextPreprocessor'", "'class': 'PerceiverTextPreprocessor', 'kwargs': {'surprise': 1}", "surprise")]
    [DataRow("'in_channels': 7,", "'in_channels': 7, 'surprise': 1,", "surprise")]
    [DataRow("'parts': {", "'parts': { 'surprise': {'class': 'PerceiverTextPreprocessor'},", "surprise")]
    public void What_is_not_read_fails_the_case(string from, string to, string named)
    {
        var golden = Write(
            TextWithPostprocessor.Replace(from.Replace('\'', '"'), to.Replace('\'', '"'), StringComparison.Ordinal), TextWithPostprocessor);
        StringAssert.Contains(Assert.ThrowsExactly<NotSupportedException>(golden.Run).Message, named);
    }

    [TestMethod]
    [DataRow("\"num_query_channels\": 7", "\"num_query_channels\": 8", "num_query_channels")]
    [DataRow("\"preprocessor_num_channels\": 24", "\"preprocessor_num_channels\": 25", "preprocessor_num_channels")]
    [DataRow("\"output_hidden_states\": null", "\"output_hidden_states\": false", "hidden_states.0")]
    public void What_a_case_says_is_compared(string from, string to, string named)
    {
        var golden = Write(TextWithPostprocessor.Replace(from, to, StringComparison.Ordinal), TextWithPostprocessor);
        StringAssert.Contains(Assert.ThrowsExactly<AssertFailedException>(golden.Run).Message, named);
    }

    [TestMethod]
    [DataRow(float.NaN)]
    [DataRow(float.PositiveInfinity)]
    public void What_is_no_number_is_close_to_nothing(float value)
    {
        using var scope = NewDisposeScope();
        Assert.ThrowsExactly<AssertFailedException>(() => Tolerance.AssertClose(ones(2), full([2], value), rounding: 1, "the result"));
    }

    [TestMethod]
    [DataRow("fourier_single", true)]
    [DataRow("conv_multi", true)]
    [DataRow("flow_small", true)]
    [DataRow("multimodal_4chunks", true)]
    [DataRow("prep_multimodal", true)]
    [DataRow("prep_audio_fourier", true)]
    [DataRow("decoder_multimodal", true)]
    [DataRow("learned_single", false)]
    [DataRow("mlm_default", false)]
    [DataRow("prep_audio_project", false)]
    [DataRow("decoder_basic_trainable", false)]
    public void Fourier_positions_are_found_in_what_the_files_build(string id, bool expected)
    {
        var golden = GoldenCase.OpenFolder(GoldenFolder.BundledPathOf("models", id));
        bool isModule = golden.Json.GetProperty("kind").GetString() == "module";
        using nn.Module model = isModule ? PartFactory.Module(golden.Config, golden.Spec) : PartFactory.Model(golden, golden.Config);
        Assert.AreEqual(expected, FourierCases.HasFourierPositions(model));
    }

    [TestMethod]
    public void Gradients_behind_Fourier_positions_may_differ_by_more_and_nothing_else()
    {
        using var scope = NewDisposeScope();
        Tolerance.AssertClose(ones(2), full([2], 1 + 1.5e-4f), rounding: 0, "the gradient", Tolerance.FourierGradient);
        Assert.ThrowsExactly<AssertFailedException>(
            () => Tolerance.AssertClose(ones(2), full([2], 1 + 2.5e-4f), rounding: 0, "the gradient", Tolerance.FourierGradient));
        Assert.ThrowsExactly<AssertFailedException>(
            () => Tolerance.AssertClose(ones(2), full([2], 1 + 1.5e-4f), rounding: 0, "the result"));
    }

    [TestMethod]
    [DataRow("gpu")]
    [DataRow("cuda:")]
    [DataRow("cuda:x")]
    public void A_device_of_another_name_is_refused(string name) =>
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => ParityDevice.Named(name)).Message, $"'{name}'");

    // null in a run's arguments stands for the configuration's word: here, the latents of all layers.
    private static PerceiverConfig TinyConfig { get; } = Modules.TinyModels.Config with
    {
        OutputHiddenStates = true,
        InitializerRange = 0.3,
    };

    /// <summary>Writes a case with the answers of the parts as they are here.</summary>
    private GoldenCase Write(string json, string? answeredAs = null)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        File.WriteAllText(_folder["config.json"], TinyConfig.ToJson());
        File.WriteAllText(_folder["case.json"], answeredAs ?? json);
        var golden = GoldenCase.OpenFolder(_folder.Path);
        bool isModule = JsonNode.Parse(json)!["kind"]!.GetValue<string>() == "module";
        using nn.Module module = isModule ? PartFactory.Module(TinyConfig, golden.Spec) : PartFactory.Model(golden, TinyConfig);
        PerceiverModuleParameters.Initialize(module, 1, TinyConfig.InitializerRange);
        module.eval();
        SafeTensorsWriter.WriteFile(golden.WeightsPath, module.state_dict());
        var io = new Dictionary<string, Tensor>();
        if (module is PerceiverModel model)
        {
            io["r/in/inputs"] = Modules.TinyModels.Ids(2, 9);
            var output = model.forward(io["r/in/inputs"]);
            CollectionAssert.AreEqual(new long[] { 2, 3, 5 }, output.Logits!.shape);
            (io["r/out/logits"], io["r/out/hidden_states.0"], io["r/in/inputs_embeds"]) = (output.Logits, output.HiddenStates![0], ones(1));
        }
        else
        {
            io["r/in/inputs"] = arange(12, ScalarType.Float32).view(2, 1, 2, 3);
            io["r/out/preprocessed"] = io["r/in/inputs"].view(2, 6, 1) + module.state_dict()["position_embeddings.position_embeddings"];
        }

        SafeTensorsWriter.WriteFile(golden.IoPath, io);
        File.WriteAllText(_folder["case.json"], json);
        return GoldenCase.OpenFolder(_folder.Path);
    }
}
