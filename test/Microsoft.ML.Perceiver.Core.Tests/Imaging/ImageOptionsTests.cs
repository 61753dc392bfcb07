using System.Text.Json.Nodes;

namespace Microsoft.ML.Perceiver.Tests.Imaging;

[TestClass]
public sealed class ImageOptionsTests
{
    [TestMethod]
    public void An_empty_file_gives_the_documented_defaults()
    {
        var options = PerceiverImageProcessorOptions.FromJson("{}");
        var (defaults, expected) = (new PerceiverImageProcessorOptions(), new[] { 0.485, 0.456, 0.406 });
        Assert.AreEqual(
            defaults with { OtherKeys = options.OtherKeys, ImageMean = options.ImageMean, ImageStd = options.ImageStd }, options);
        CollectionAssert.AreEqual(expected, options.ImageMean.ToArray());
        CollectionAssert.AreEqual(new[] { 0.229, 0.224, 0.225 }, options.ImageStd.ToArray());
        Assert.AreEqual(new PerceiverImageSize(224, 224), options.Size);
        Assert.AreEqual(new PerceiverImageSize(256, 256), options.CropSize);
        Assert.AreEqual(PerceiverResampling.Bicubic, options.Resample);
        Assert.AreEqual(1 / 255.0, options.RescaleFactor);
        Assert.IsTrue(options.DoCenterCrop && options.DoResize && options.DoRescale && options.DoNormalize && options.DoConvertRgb);
    }

    [TestMethod]
    public void Every_golden_file_is_written_back_as_it_was()
    {
        string[] files = Directory.GetFiles(
            GoldenFolder.BundledPathOf("image_processor"), "preprocessor_config.json", SearchOption.AllDirectories);
        Assert.IsGreaterThan(20, files.Length);
        foreach (string file in files)
        {
            var expected = JsonNode.Parse(File.ReadAllText(file));
            var actual = JsonNode.Parse(PerceiverImageProcessorOptions.FromFile(file).ToJson());
            Assert.IsTrue(JsonNode.DeepEquals(expected, actual), $"{file}: {actual}");
        }
    }

    [TestMethod]
    public void An_old_feature_extractor_file_is_read_and_its_keys_kept()
    {
        var options = PerceiverImageProcessorOptions.FromJson("""
            {"crop_size": 512, "do_center_crop": true, "do_normalize": true, "do_resize": true,
             "feature_extractor_type": "PerceiverFeatureExtractor", "image_mean": [0.5, 0.25, 0.75], "image_std": 0.5, "resample": 2,
             "size": 448, "nested": {"a": [1, null]}}
            """);
        Assert.AreEqual(new PerceiverImageSize(448), options.Size);
        Assert.AreEqual(new PerceiverImageSize(512), options.CropSize);
        Assert.AreEqual(PerceiverResampling.Bilinear, options.Resample);
        Assert.IsTrue(options.DoRescale);
        CollectionAssert.AreEqual(new[] { 0.5 }, options.ImageStd.ToArray());
        var written = JsonNode.Parse(options.ToJson())!;
        Assert.AreEqual("PerceiverFeatureExtractor", (string)written["feature_extractor_type"]!);
        Assert.AreEqual("[1,null]", written["nested"]!["a"]!.ToJsonString());
        Assert.AreEqual("""{"height":448,"width":448}""", written["size"]!.ToJsonString());
        Assert.AreEqual("0.5", written["image_std"]!.ToJsonString());
        Assert.AreEqual("PerceiverImageProcessor", (string)written["image_processor_type"]!);
        Assert.IsFalse(written.AsObject().ContainsKey("do_convert_rgb"));
    }

    [TestMethod]
    public void Null_stands_for_the_default()
    {
        const string json = """{"size": null, "image_mean": null, "do_convert_rgb": null}""";
        Assert.AreEqual(224, PerceiverImageProcessorOptions.FromJson(json).Size.Width);
    }

    [TestMethod]
    [DataRow("[20, 30]", 20, 30)]
    [DataRow("[20.0, 30]", 20, 30)]
    [DataRow("""{"height": 20.0, "width": 30}""", 20, 30)]
    [DataRow("20.0", 20, 20)]
    public void A_size_may_be_a_list_of_height_and_width(string size, int height, int width)
    {
        var options = PerceiverImageProcessorOptions.FromJson($$"""{"size": {{size}}, "crop_size": {{size}}}""");
        Assert.AreEqual(new PerceiverImageSize(height, width), options.Size);
        Assert.AreEqual(new PerceiverImageSize(height, width), options.CropSize);
        string expected = $$"""{"height":{{height}},"width":{{width}}}""";
        Assert.AreEqual(expected, JsonNode.Parse(options.ToJson())!["size"]!.ToJsonString());
    }

    [TestMethod]
    [DataRow("null", false)]
    [DataRow("0", false)]
    [DataRow("1", true)]
    [DataRow("1.0", true)]
    public void A_step_whose_switch_is_null_is_not_done(string value, bool expected)
    {
        string[] keys = ["do_center_crop", "do_resize", "do_rescale", "do_normalize"];
        foreach (string key in keys)
        {
            var options = PerceiverImageProcessorOptions.FromJson($$"""{"{{key}}": {{value}}}""");
            bool[] actual = [options.DoCenterCrop, options.DoResize, options.DoRescale, options.DoNormalize];
            CollectionAssert.AreEqual(keys.Select(k => k != key || expected).ToArray(), actual, key);
        }
    }

    [TestMethod]
    public void Other_keys_may_be_null_as_in_the_reference()
    {
        var options = PerceiverImageProcessorOptions.FromJson(
            """
            {"resample": null, "do_rescale": false, "rescale_factor": null, "image_std": null, "image_processor_type": null, "x": NaN}
            """);
        Assert.AreEqual(PerceiverResampling.Bilinear, options.Resample);
        Assert.IsFalse(options.DoRescale);
        Assert.AreEqual(1 / 255.0, options.RescaleFactor);
        Assert.HasCount(3, options.ImageStd);
        Assert.AreEqual("PerceiverImageProcessor", options.ImageProcessorType);
    }

    [TestMethod]
    public void Every_setting_survives_a_file()
    {
        var options = new PerceiverImageProcessorOptions
        {
            DoCenterCrop = false,
            CropSize = new(7, 9),
            DoResize = false,
            Size = new(11, 13),
            Resample = PerceiverResampling.Hamming,
            DoRescale = false,
            RescaleFactor = 0.1,
            DoNormalize = false,
            ImageMean = [0.1],
            ImageStd = [1, 2, 3],
            DoConvertRgb = false,
        };
        var read = PerceiverImageProcessorOptions.FromJson(options.ToJson());
        CollectionAssert.AreEqual(options.ImageMean.ToArray(), read.ImageMean.ToArray());
        CollectionAssert.AreEqual(options.ImageStd.ToArray(), read.ImageStd.ToArray());
        Assert.AreEqual(options with { ImageMean = read.ImageMean, ImageStd = read.ImageStd, OtherKeys = read.OtherKeys }, read);
        Assert.IsEmpty(read.OtherKeys);
    }

    [TestMethod]
    [DataRow("{")]
    [DataRow("[]")]
    [DataRow("null")]
    [DataRow("{\"size\": 1, \"size\": 2}")]
    [DataRow("""{"size": "large"}""")]
    [DataRow("""{"size": 22.5}""")]
    [DataRow("""{"size": 0}""")]
    [DataRow("""{"size": {"shortest_edge": 224}}""")]
    [DataRow("""{"size": {"height": 224}}""")]
    [DataRow("""{"size": [224]}""")]
    [DataRow("""{"size": [224, 224, 3]}""")]
    [DataRow("""{"size": [224, "224"]}""")]
    [DataRow("""{"size": [1e99, 1]}""")]
    [DataRow("""{"crop_size": [0, 1]}""")]
    [DataRow("""{"rescale_factor": null}""")]
    [DataRow("""{"image_mean": NaN}""")]
    [DataRow("""{"size": {"height": 1000000000, "width": 1000000000}}""")]
    [DataRow("""{"crop_size": {"height": -1, "width": 2}}""")]
    [DataRow("""{"resample": 6}""")]
    [DataRow("""{"resample": "bicubic"}""")]
    [DataRow("""{"image_mean": [0.5, 0.5]}""")]
    [DataRow("""{"image_mean": "grey"}""")]
    [DataRow("""{"image_std": [0.5, 0, 0.5]}""")]
    [DataRow("""{"image_std": 1e-300}""")]
    [DataRow("""{"rescale_factor": 1e999}""")]
    [DataRow("""{"do_resize": "no"}""")]
    [DataRow("""{"do_convert_rgb": {}}""")]
    public void A_damaged_file_is_a_format_error_that_names_it(string json)
    {
        Assert.ThrowsExactly<FormatException>(() => PerceiverImageProcessorOptions.FromJson(json));
        using var folder = new TemporaryFolder();
        string path = folder["preprocessor.json"];
        File.WriteAllText(path, json);
        Assert.Contains(path, Assert.ThrowsExactly<FormatException>(() => PerceiverImageProcessorOptions.FromFile(path)).Message);
    }

    [TestMethod]
    public void A_missing_file_is_told()
    {
        using var root = new TemporaryFolder();
        string folder = root["processor"];
        Assert.ThrowsExactly<FileNotFoundException>(() => PerceiverImageProcessorOptions.FromFile(folder));
        Assert.ThrowsExactly<DirectoryNotFoundException>(() => PerceiverImageProcessor.FromDirectory(folder));
        Directory.CreateDirectory(folder);
        Assert.ThrowsExactly<FileNotFoundException>(() => PerceiverImageProcessor.FromDirectory(folder));
        new PerceiverImageProcessor(new PerceiverImageProcessorOptions { Size = new(5, 6) }).SaveTo(folder);
        Assert.AreEqual(new PerceiverImageSize(5, 6), PerceiverImageProcessor.FromDirectory(folder).Options.Size);
    }
}
