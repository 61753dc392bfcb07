using System.Text.Json;
using Microsoft.ML.Perceiver;

namespace OnnxSample;

/// <summary>A folder of static files: a page that fills masks and classifies photographs in the browser.</summary>
internal static class PageFolder
{
    // Those of onnxruntime-web that run on the processor.
    private static readonly string[] s_runtimeFiles =
    [
        "ort.wasm.min.mjs", "ort-wasm-simd-threaded.mjs", "ort-wasm-simd-threaded.wasm",
    ];

    /// <summary>Writes the page and its models, in 8-bit integers, and copies onnxruntime-web where its folder is named.</summary>
    /// <param name="folder">The folder, which may be there already.</param>
    /// <param name="language">The masked language model.</param>
    /// <param name="images">The image classifier.</param>
    /// <param name="runtime">The folder of the unpacked npm package; null leaves it to the user.</param>
    /// <exception cref="FileNotFoundException">The folder of onnxruntime-web lacks a file.</exception>
    public static void Write(string folder, PerceiverPreTrainedModel language, PerceiverPreTrainedModel images, string? runtime)
    {
        Directory.CreateDirectory(folder);
        if (runtime is not null)
            CopyRuntime(runtime, Path.Combine(folder, "ort"));
        foreach (string file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "page")))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        var form = new PerceiverOnnxOptions { Weights = PerceiverOnnxWeights.Int8 };
        PerceiverOnnx.Export(language, Path.Combine(folder, "fillmask.onnx"), form with { ScorePositions = true });
        PerceiverOnnx.Export(images, Path.Combine(folder, "image.onnx"), form with { RawImages = true });
        File.WriteAllText(Path.Combine(folder, "models.json"), Settings(language.Config, images.Config));
    }

    private static string Settings(PerceiverConfig language, PerceiverConfig images) => JsonSerializer.Serialize(
        new { MaxTokens = language.MaxPositionEmbeddings, Labels = images.LabelNames }, JsonSerializerOptions.Web);

    private static void CopyRuntime(string package, string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (string name in s_runtimeFiles)
        {
            string file = Path.Combine(package, "dist", name);
            if (!File.Exists(file))
                throw new FileNotFoundException(
                    $"There is no '{file}'; --web names the folder of the unpacked npm package onnxruntime-web.");
            File.Copy(file, Path.Combine(folder, name), overwrite: true);
        }
    }
}
