using System.Text.Json;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Parity;

/// <summary>Builds parts and models from the reference's class names and constructor arguments, as case.json gives them.</summary>
internal static class PartFactory
{
    internal static PerceiverPreTrainedModel Model(GoldenCase golden, PerceiverConfig config)
    {
        var parts = golden.Json.TryGetProperty("parts", out var p) ? p : default;
        string[] known = golden.Class == "PerceiverModel" ? ["decoder", "input_preprocessor", "output_postprocessor"] : [];
        if (
            parts.ValueKind == JsonValueKind.Object
                && parts.EnumerateObject().FirstOrDefault(e => !known.Contains(e.Name)) is
                {
                    Value.ValueKind: not JsonValueKind.Undefined,
                } other)
            throw new NotSupportedException($"{golden.Class} has no part '{other.Name}' here.");
        return golden.Class switch
        {
            "PerceiverModel" => new PerceiverModel(
                config,
                Part(parts, "decoder") is { } d ? Decoder(config, d) : null,
                Part(parts, "input_preprocessor") is { } i ? Preprocessor(config, i) : null,
                Part(parts, "output_postprocessor") is { } o ? Postprocessor(config, o) : null,
                initialize: false),
            var name when PerceiverModels.Architectures.Contains(name) => PerceiverModels.Create(
                config with { Architectures = [name] }, initialize: false),
            var name => throw new UnknownPartException(name),
        };
    }

    internal static nn.Module Module(PerceiverConfig config, JsonElement spec)
    {
        string name = ClassOf(spec);
        if (name.EndsWith("Decoder", StringComparison.Ordinal))
            return Decoder(config, spec);
        return name.EndsWith("Postprocessor", StringComparison.Ordinal) ? Postprocessor(config, spec) : Preprocessor(config, spec);
    }

    internal static PerceiverPreprocessor Preprocessor(PerceiverConfig config, JsonElement spec) =>
        Build<PerceiverPreprocessor>(spec, (name, k) => name switch
        {
            "PerceiverTextPreprocessor" => new PerceiverTextPreprocessor(config),
            "PerceiverOneHotPreprocessor" => new PerceiverOneHotPreprocessor(config),
            "PerceiverImagePreprocessor" => new PerceiverImagePreprocessor(ImageOptions(k)),
            "PerceiverAudioPreprocessor" => new PerceiverAudioPreprocessor(AudioOptions(k)),
            "PerceiverMultimodalPreprocessor" => new PerceiverMultimodalPreprocessor(
                k.Parts("modalities", m => Preprocessor(config, m))!, k.NumbersByName("mask_probs"), k.Int("min_padding_size") ?? 2),
            _ => throw new UnknownPartException(name),
        });

    internal static PerceiverDecoder Decoder(PerceiverConfig config, JsonElement spec) =>
        Build<PerceiverDecoder>(spec, (name, k) => name switch
        {
            "PerceiverProjectionDecoder" => new PerceiverProjectionDecoder(config),
            "PerceiverBasicDecoder" => new PerceiverBasicDecoder(config, BasicOptions(k)),
            "PerceiverClassificationDecoder" => new PerceiverClassificationDecoder(config, BasicOptions(k)),
            "PerceiverOpticalFlowDecoder" => FlowDecoder(config, k),
            "PerceiverBasicVideoAutoencodingDecoder" =>
                new PerceiverBasicVideoAutoencodingDecoder(config, k.Ints("output_shape")!, BasicOptions(k)),
            "PerceiverMultimodalDecoder" => new PerceiverMultimodalDecoder(
                config,
                k.Parts("modalities", m => Decoder(config, m))!,
                k.Int("output_num_channels")!.Value,
                k.Int("min_padding_size") ?? 2,
                k.Int("num_outputs"),
                BasicOptions(k)),
            _ => throw new UnknownPartException(name),
        });

    internal static PerceiverPostprocessor Postprocessor(PerceiverConfig config, JsonElement spec) =>
        Build<PerceiverPostprocessor>(spec, (name, k) => name switch
        {
            "PerceiverProjectionPostprocessor" =>
                new PerceiverProjectionPostprocessor(k.Int("in_channels")!.Value, k.Int("out_channels")!.Value),
            "PerceiverClassificationPostprocessor" => new PerceiverClassificationPostprocessor(config, k.Int("in_channels")!.Value),
            "PerceiverAudioPostprocessor" => new PerceiverAudioPostprocessor(config, k.Int("in_channels")!.Value),
            "PerceiverMultimodalPostprocessor" => MultimodalPostprocessor(config, k),
            _ => throw new UnknownPartException(name),
        });

    /// <exception cref="NotSupportedException">An argument is one that the part was not built with.</exception>
    private static T Build<T>(JsonElement spec, Func<string, KeywordArguments, T> create)
    {
        string name = ClassOf(spec);
        var arguments = new KeywordArguments(spec.TryGetProperty("kwargs", out var kwargs) ? kwargs : default);
        var part = create(name, arguments);
        arguments.RequireAllUsed(name);
        return part;
    }

    private static PerceiverOpticalFlowDecoder FlowDecoder(PerceiverConfig config, KeywordArguments k)
    {
        // The rescaling is no argument of the reference's inner decoder.
        double? rescale = k.Number("rescale_factor");
        var options = BasicOptions(k);
        return rescale is { } factor
            ? new PerceiverOpticalFlowDecoder(config, k.Ints("output_image_shape")!, options, factor)
            : new PerceiverOpticalFlowDecoder(config, k.Ints("output_image_shape")!, options);
    }

    private static PerceiverBasicDecoderOptions BasicOptions(KeywordArguments k)
    {
        // A decoder of optical flow has another default than the others.
        var defaults = new PerceiverBasicDecoderOptions();
        if (k.Int("output_num_channels") is { } outputs)
            defaults = defaults with { OutputNumChannels = outputs };
        var options = defaults with
        {
            OutputIndexDims = k.Ints("output_index_dims"),
            NumChannels = k.Int("num_channels") ?? defaults.NumChannels,
            QueryKeyChannels = k.Int("qk_channels"),
            ValueChannels = k.Int("v_channels"),
            NumHeads = k.Int("num_heads") ?? defaults.NumHeads,
            WideningFactor = k.Int("widening_factor") ?? defaults.WideningFactor,
            UseQueryResidual = k.Bool("use_query_residual") ?? defaults.UseQueryResidual,
            ConcatPreprocessedInput = k.Bool("concat_preprocessed_input") ?? defaults.ConcatPreprocessedInput,
            FinalProject = k.Bool("final_project") ?? defaults.FinalProject,
            PositionEncodingOnly = k.Bool("position_encoding_only") ?? defaults.PositionEncodingOnly,
            PositionEncoding = Positions(k, "trainable"),
        };
        // The reference stores it and lets only a multimodal decoder read it.
        k.Ignore("subsampled_index_dims");
        return options;
    }

    private static PerceiverImagePreprocessorOptions ImageOptions(KeywordArguments k)
    {
        var defaults = new PerceiverImagePreprocessorOptions();
        var options = defaults with
        {
            PrepType = (k.Text("prep_type") ?? "conv") switch
            {
                "conv" => PerceiverImagePrepType.Conv,
                "conv1x1" => PerceiverImagePrepType.Conv1x1,
                "patches" => PerceiverImagePrepType.Patches,
                "pixels" => PerceiverImagePrepType.Pixels,
                var name => throw new UnknownPartException($"image preparation {name}"),
            },
            SpatialDownsample = k.Int("spatial_downsample") ?? defaults.SpatialDownsample,
            TemporalDownsample = k.Int("temporal_downsample") ?? defaults.TemporalDownsample,
            InChannels = k.Int("in_channels") ?? defaults.InChannels,
            OutChannels = k.Int("out_channels") ?? defaults.OutChannels,
            LinearAfterPatching = k.Bool("conv_after_patching") ?? defaults.LinearAfterPatching,
            LinearAfterPatchingInChannels = k.Int("conv_after_patching_in_channels") ?? defaults.LinearAfterPatchingInChannels,
            UseBatchNorm = k.Bool("conv2d_use_batchnorm") ?? defaults.UseBatchNorm,
            PositionCombination = Combination(k),
            PositionEncoding = Positions(k, "fourier"),
        };
        return options;
    }

    private static PerceiverAudioPreprocessorOptions AudioOptions(KeywordArguments k)
    {
        var defaults = new PerceiverAudioPreprocessorOptions();
        return defaults with
        {
            PrepType = (k.Text("prep_type") ?? "patches") == "patches"
                ? PerceiverAudioPrepType.Patches
                : throw new UnknownPartException("audio preparation"),
            SamplesPerPatch = k.Int("samples_per_patch") ?? defaults.SamplesPerPatch,
            OutChannels = k.Int("out_channels") ?? defaults.OutChannels,
            PositionCombination = Combination(k),
            PositionEncoding = Positions(k, "fourier"),
        };
    }

    // Here the call says whether the answers are one tensor or one for each modality.
    private static PerceiverMultimodalPostprocessor MultimodalPostprocessor(PerceiverConfig config, KeywordArguments k)
    {
        k.Ignore("input_is_dict");
        return new PerceiverMultimodalPostprocessor(k.Parts("modalities", m => Postprocessor(config, m))!);
    }

    private static PerceiverPositionCombination Combination(KeywordArguments k) => (k.Text("concat_or_add_pos") ?? "concat") switch
    {
        "concat" => PerceiverPositionCombination.Concat,
        "add" => PerceiverPositionCombination.Add,
        var name => throw new UnknownPartException($"combination of positions {name}"),
    };

    private static PerceiverPositionEncodingOptions Positions(KeywordArguments k, string defaultKind) => new()
    {
        Kind = (k.Text("position_encoding_type") ?? defaultKind) switch
        {
            "trainable" => PerceiverPositionEncodingKind.Trainable,
            "fourier" => PerceiverPositionEncodingKind.Fourier,
            "none" => PerceiverPositionEncodingKind.None,
            var name => throw new UnknownPartException($"position encoding {name}"),
        },
        // Both may be given; the parts refuse what is missing where they are the kind that is used.
        Trainable = k.Nested("trainable_position_encoding_kwargs") is { } t
            ? new PerceiverTrainablePositionOptions(t.Int("num_channels") ?? 128, t.Ints("index_dims") ?? []) : null,
        Fourier = k.Nested("fourier_position_encoding_kwargs") is { } f
            ? new PerceiverFourierPositionOptions(
                f.Int("num_bands") ?? 0, f.Ints("max_resolution") ?? [], f.Bool("concat_pos") ?? true, f.Bool("sine_only") ?? false) : null,
        OutChannels = k.Int("out_channels"),
        ProjectPositionChannels = k.Int("project_pos_dim") ?? -1,
    };

    private static JsonElement? Part(JsonElement parts, string name) =>
        parts.ValueKind == JsonValueKind.Object && parts.TryGetProperty(name, out var part) && part.ValueKind != JsonValueKind.Null
            ? part
            : null;

    private static string ClassOf(JsonElement spec) => spec.GetProperty("class").GetString()!;
}
