using System.Text.Json;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Imaging;

/// <summary>One folder of golden/image_processor.</summary>
internal sealed class GoldenImageCase
{
    private readonly Dictionary<string, Tensor> _tensors = [];

    internal GoldenImageCase(string name)
    {
        string folder = GoldenFolder.PathOf("image_processor", name);
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "case.json")));
        Call = document.RootElement.GetProperty("call").Clone();
        using var io = SafeTensorsFile.Open(Path.Combine(folder, "io.safetensors"));
        foreach (var info in io.Tensors)
            _tensors[info.Name] = io.Get(info.Name);
        Images = Enumerable.Range(0, document.RootElement.GetProperty("images").GetArrayLength())
            .Select(i => PerceiverImage.FromTensor(_tensors[$"in/image.{i}"], PerceiverImageLayout.ChannelsLast)).ToArray();
        // The reference never adds channels.
        Processor = new PerceiverImageProcessor(PerceiverImageProcessorOptions.FromFile(folder) with { DoConvertRgb = false });
        Overrides = Apply(Processor.Options, Call);
        FromArguments = Apply(new PerceiverImageProcessorOptions { DoConvertRgb = false }, document.RootElement.GetProperty("init"));
    }

    internal PerceiverImageProcessor Processor { get; }

    /// <summary>The processor's options with the call's arguments.</summary>
    internal PerceiverImageProcessorOptions Overrides { get; }

    /// <summary>The options that the constructor's arguments make.</summary>
    internal PerceiverImageProcessorOptions FromArguments { get; }

    internal JsonElement Call { get; }

    internal PerceiverImage[] Images { get; }

    internal Tensor Expected => _tensors["out/pixel_values"].to(float32);

    /// <summary>How much the result differs for pixels that differ by one.</summary>
    internal float Step =>
        (float)((Overrides.DoRescale ? Overrides.RescaleFactor : 1) / (Overrides.DoNormalize ? Overrides.ImageStd.Min() : 1));

    internal Tensor? Stage(string name) => _tensors.GetValueOrDefault($"stage/{name}");

    internal static PerceiverImageProcessorOptions Apply(PerceiverImageProcessorOptions options, JsonElement arguments)
    {
        foreach (var a in arguments.EnumerateObject())
        {
            options = a.Name switch
            {
                "do_center_crop" => options with { DoCenterCrop = a.Value.GetBoolean() },
                "do_resize" => options with { DoResize = a.Value.GetBoolean() },
                "do_rescale" => options with { DoRescale = a.Value.GetBoolean() },
                "do_normalize" => options with { DoNormalize = a.Value.GetBoolean() },
                "size" => options with { Size = Size(a.Value) },
                "crop_size" => options with { CropSize = Size(a.Value) },
                "resample" => options with { Resample = (PerceiverResampling)a.Value.GetInt32() },
                "rescale_factor" => options with { RescaleFactor = a.Value.GetDouble() },
                "image_mean" => options with { ImageMean = Values(a.Value) },
                "image_std" => options with { ImageStd = Values(a.Value) },
                // Layouts and kinds of tensors; the results in the files are the same for all.
                "data_format" or "input_data_format" or "return_tensors" => options,
                var other => throw new NotSupportedException($"argument {other}"),
            };
        }

        return options;
    }

    private static PerceiverImageSize Size(JsonElement e) =>
        e.ValueKind == JsonValueKind.Number
            ? new(e.GetInt32())
            : new(e.GetProperty("height").GetInt32(), e.GetProperty("width").GetInt32());

    private static double[] Values(JsonElement e) =>
        e.ValueKind == JsonValueKind.Number ? [e.GetDouble()] : e.EnumerateArray().Select(v => v.GetDouble()).ToArray();
}
