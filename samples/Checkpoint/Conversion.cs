using System.Text.Json;
using Microsoft.ML.Perceiver;
using Samples;

namespace Checkpoint;

/// <summary>The same weights as one safetensors file.</summary>
internal static class Conversion
{
    private static readonly string[] Beside = ["preprocessor_config.json", "tokenizer_config.json", "special_tokens_map.json"];

    public static int Run(string path, string output, PerceiverPrecision? precision)
    {
        using var weights = PerceiverCheckpointWeights.Open(path);
        bool single = output.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase);
        string file = single ? output : Path.Combine(output, "model.safetensors");
        weights.SaveAs(file, precision);
        if (!single && Directory.Exists(path))
            CopyBeside(path, output, precision);
        Console.WriteLine($"{file}: {weights.Tensors.Count} tensors, {new FileInfo(file).Length:N0} bytes");
        NextSteps.Write(NextSteps.Run("Checkpoint", "verify", output));
        return 0;
    }

    private static void CopyBeside(string folder, string output, PerceiverPrecision? precision)
    {
        foreach (string name in Beside.Where(n => File.Exists(Path.Combine(folder, n))))
            File.Copy(Path.Combine(folder, name), Path.Combine(output, name), overwrite: true);
        if (Inspection.Configuration(folder) is not { } config)
            return;
        var others = new Dictionary<string, JsonElement>(config.OtherKeys);
        if (precision is { } type)
            others["torch_dtype"] = JsonSerializer.SerializeToElement(type.ToString().ToLowerInvariant());
        File.WriteAllText(Path.Combine(output, "config.json"), (config with { OtherKeys = others }).ToJson());
    }
}
