using TorchSharp;

namespace Microsoft.ML.Perceiver.Tests.Config;

/// <summary>Numbers of a configuration beyond all sense are refused by their keys, before anything is built of them.</summary>
[TestClass]
public sealed class ConfigLimitTests
{
    private const int Largest = int.MaxValue;

    [TestMethod]
    [DataRow("num_latents", 1 << 20)]
    [DataRow("vocab_size", 1 << 20)]
    [DataRow("max_position_embeddings", 1 << 20)]
    [DataRow("num_labels", 1 << 20)]
    [DataRow("d_latents", 1 << 16)]
    [DataRow("d_model", 1 << 16)]
    [DataRow("qk_channels", 1 << 16)]
    [DataRow("v_channels", 1 << 16)]
    [DataRow("output_num_channels", 1 << 16)]
    [DataRow("_label_trainable_num_channels", 1 << 16)]
    [DataRow("num_self_attention_heads", 1024)]
    [DataRow("num_cross_attention_heads", 1024)]
    [DataRow("self_attention_widening_factor", 64)]
    [DataRow("cross_attention_widening_factor", 64)]
    [DataRow("num_blocks", 256)]
    [DataRow("num_self_attends_per_block", 512)]
    [DataRow("image_size", 1 << 14)]
    [DataRow("num_frames", 1 << 12)]
    [DataRow("audio_samples_per_frame", 1 << 20)]
    [DataRow("samples_per_patch", 1 << 20)]
    public void A_number_above_its_limit_is_refused_by_key_and_limit(string key, int limit)
    {
        foreach (int value in new[] { limit + 1, Largest })
        {
            string json = $$"""{"{{key}}": {{value}}}""";
            var error = Assert.ThrowsExactly<ArgumentException>(() => PerceiverConfig.FromJson(json).Validate());
            StringAssert.Contains(error.Message, $"{key} is {value}; the limit is {limit}.");
        }
    }

    [TestMethod]
    [DataRow("""{"num_blocks": 65536}""", "num_blocks")]
    [DataRow("""{"num_self_attends_per_block": 1000000}""", "num_self_attends_per_block")]
    [DataRow("""{"num_latents": 2147483647}""", "num_latents")]
    [DataRow("""{"num_blocks": 200, "num_self_attends_per_block": 500}""", "num_blocks times num_self_attends_per_block")]
    [DataRow("""{"image_size": 10000}""", "image_size times image_size")]
    [DataRow("""{"train_size": [20000, 1]}""", "train_size")]
    [DataRow("""{"train_size": [10000, 10000]}""", "the product of train_size")]
    [DataRow("""{"train_size": [1, 1, 1]}""", "train_size")]
    [DataRow("""{"output_shape": [1, 16384, 16384, 16384]}""", "the product of output_shape")]
    [DataRow("""{"output_shape": [1, 1, 1, 1, 1]}""", "output_shape")]
    [DataRow("""{"num_frames": 4000, "audio_samples_per_frame": 1000000}""", "num_frames times audio_samples_per_frame")]
    [DataRow("""{"num_labels": 99999999999}""", "num_labels")]
    [DataRow("""{"num_labels": "many"}""", "num_labels")]
    [DataRow("""{"qk_channels": 0}""", "qk_channels")]
    [DataRow("""{"v_channels": -8}""", "v_channels")]
    public void No_model_of_any_head_is_begun(string json, string key)
    {
        foreach (string head in PerceiverModels.Architectures)
        {
            var config = PerceiverConfig.FromJson(json) with { Architectures = [head] };
            long tensors = torch.Tensor.TotalCount;
            StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => PerceiverModels.Create(config)).Message, key);
            Assert.ThrowsExactly<ArgumentException>(() => PerceiverCheckpoint.FromConfig(config));
            // Those of other tests may be released meanwhile.
            Assert.IsLessThanOrEqualTo(tensors, torch.Tensor.TotalCount);
        }
    }

    [TestMethod]
    public void A_folder_with_such_a_number_is_damaged()
    {
        using var folder = new TemporaryFolder();
        using (var model = new PerceiverForMaskedLM(Modules.TinyModels.Config))
            model.SavePretrained(folder.Path);
        string file = folder["config.json"];
        File.WriteAllText(file, File.ReadAllText(file).Replace("\"num_blocks\": 2", "\"num_blocks\": 65536"));
        var error = Assert.ThrowsExactly<FormatException>(() => PerceiverForMaskedLM.FromPretrained(folder.Path));
        StringAssert.Contains(error.Message, file);
        StringAssert.Contains(error.Message, "num_blocks is 65536; the limit is 256.");
    }

    [TestMethod]
    public void The_number_of_all_parameters_is_limited()
    {
        var config = new PerceiverConfig { NumLatents = 1 << 20, LatentChannels = 1 << 15, NumSelfAttendsPerBlock = 1 };
        var error = Assert.ThrowsExactly<ArgumentException>(() => new PerceiverModel(config, initialize: false));
        StringAssert.Contains(error.Message, $"the limit is {1L << 34}");
        StringAssert.Contains(error.Message, $"[{1 << 20}, {1 << 15}]");
    }

    [TestMethod]
    public void Weights_beyond_the_memory_of_the_machine_are_refused()
    {
        long machine = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        int channels = (int)Math.Min(1 << 16, machine / sizeof(float) / (1 << 18) / 64 * 64 + 64);
        // One table of more than the machine has, and less than the limit of all parameters; larger machines cannot test it.
        if ((long)channels << 18 > 1L << 33 || ((long)channels << 18) * sizeof(float) <= machine)
            Assert.Inconclusive($"The machine has {machine} bytes.");
        var config = new PerceiverConfig { NumLatents = 1 << 18, LatentChannels = channels, NumSelfAttendsPerBlock = 0 };
        var error = Assert.ThrowsExactly<InsufficientMemoryException>(() => new PerceiverModel(config));
        StringAssert.Contains(error.Message, $"{machine} bytes");
    }

    [TestMethod]
    public void The_published_models_are_far_below_the_limits()
    {
        foreach (string file in Directory.EnumerateFiles(GoldenFolder.BundledPathOf("models"), "config.json", SearchOption.AllDirectories))
            PerceiverConfig.FromFile(file).Validate();
        new PerceiverConfig { NumLatents = 2048, LatentChannels = 512, NumSelfAttendsPerBlock = 48, NumBlocks = 8 }.Validate();
    }

    [TestMethod]
    [DataRow("size")]
    [DataRow("crop_size")]
    public void An_image_processor_s_sizes_are_limited(string key)
    {
        foreach (string size in new[] { """{"height": 20000, "width": 20000}""", "40000" })
        {
            var error = Assert.ThrowsExactly<FormatException>(
                () => PerceiverImageProcessorOptions.FromJson($$"""{"{{key}}": {{size}}}"""));
            StringAssert.Contains(error.Message, key);
        }
    }
}
