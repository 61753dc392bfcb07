using System.Text;
using Microsoft.ML.Perceiver.Tests.Modules;

namespace Microsoft.ML.Perceiver.Tests.Checkpoints;

/// <summary>A folder in which something else stands in place of a file.</summary>
[TestClass]
public sealed class MisplacedFileTests
{
    private const string Pointer =
        "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\n"
        + "size 804\n";

    public static IEnumerable<object[]> Cases =>
        from file in new[]
        {
            "model.safetensors", "pytorch_model.bin", "model.safetensors.index.json", "pytorch_model.bin.index.json", "config.json",
            "preprocessor_config.json", "tokenizer_config.json",
        }
        from content in new[]
        {
            Pointer, "<!DOCTYPE html><html><body>Sign in</body></html>", "\n<html>404</html>", "\uFEFF<!doctype html>",
            "<?xml version=\"1.0\"?><Error/>",
        }
        select new object[] { file, content };

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void A_pointer_or_a_page_is_told_with_what_to_do(string file, string content)
    {
        using var folder = new TemporaryFolder();
        using (var model = new PerceiverForMaskedLM(TinyModels.Config))
            model.SavePretrained(folder.Path);
        if (file.Contains("model.", StringComparison.Ordinal))
            File.Delete(folder["model.safetensors"]);
        File.WriteAllText(folder[file], content, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        var error = Assert.ThrowsExactly<FormatException>(() => Load(folder.Path));
        StringAssert.Contains(error.Message, folder[file]);
        StringAssert.Contains(error.Message, content == Pointer ? "git lfs pull" : "is a web page");
    }

    [TestMethod]
    public void A_pointer_in_place_of_a_shard_is_told()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["config.json"], TinyModels.Config.ToJson());
        File.WriteAllText(
            folder["model.safetensors.index.json"],
            """{"weight_map": {"perceiver.embeddings.latents": "model-00001-of-00001.safetensors"}}""");
        File.WriteAllText(folder["model-00001-of-00001.safetensors"], Pointer);
        var error = Assert.ThrowsExactly<FormatException>(() => Load(folder.Path));
        StringAssert.Contains(error.Message, "git lfs pull");
        StringAssert.Contains(error.Message, "model-00001-of-00001.safetensors");
    }

    private static void Load(string folder)
    {
        PerceiverForMaskedLM.FromPretrained(folder).Dispose();
        PerceiverTokenizer.FromDirectory(folder);
        _ = PerceiverCheckpoint.FromDirectory(folder).ImageProcessor;
    }
}
