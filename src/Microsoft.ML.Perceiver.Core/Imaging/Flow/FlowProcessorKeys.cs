using System.Text.Json;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// The settings of a checkpoint's flow predictor in its <c>preprocessor_config.json</c>: colours from -1 to 1, no crop and no resizing, and
/// keys of this library, which others ignore.
/// </summary>
internal static class FlowProcessorKeys
{
    private const string Scale = "flow_scale", Overlap = "flow_min_overlap";
    private const string Levels = "flow_pyramid_levels", Refinements = "flow_refinements";
    private const string Threshold = "flow_refinement_threshold";

    /// <summary>The options in a checkpoint's file; the defaults where it has none, or lacks a key.</summary>
    /// <exception cref="FormatException">A key has a value of another type, or out of range.</exception>
    internal static PerceiverOpticalFlowPredictorOptions Read(PerceiverImageProcessorOptions? file)
    {
        var options = new PerceiverOpticalFlowPredictorOptions();
        if (file is null)
            return options;
        try
        {
            options = options with
            {
                FlowScale = file.OtherKeys.TryGetValue(Scale, out var scale) ? scale.GetSingle() : options.FlowScale,
                MinOverlap = file.OtherKeys.TryGetValue(Overlap, out var overlap) ? overlap.GetInt32() : options.MinOverlap,
                PyramidLevels = file.OtherKeys.TryGetValue(Levels, out var levels) ? levels.GetInt32() : options.PyramidLevels,
                Refinements = file.OtherKeys.TryGetValue(Refinements, out var refinements)
                    ? refinements.GetInt32()
                    : options.Refinements,
                RefinementThreshold = file.OtherKeys.TryGetValue(Threshold, out var threshold)
                    ? threshold.GetSingle()
                    : options.RefinementThreshold,
            };
            options.Validate();
            return options;
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or ArgumentOutOfRangeException)
        {
            throw new FormatException(
                $"{PerceiverImageProcessorOptions.FileName} is damaged: a key of optical flow has a value it cannot have: {e.Message}", e);
        }
    }

    internal static PerceiverImageProcessorOptions Write(PerceiverOpticalFlowPredictorOptions options) => new()
    {
        DoCenterCrop = false,
        DoResize = false,
        ImageMean = [0.5],
        ImageStd = [0.5],
        OtherKeys = new Dictionary<string, JsonElement>
        {
            [Scale] = JsonSerializer.SerializeToElement(options.FlowScale),
            [Overlap] = JsonSerializer.SerializeToElement(options.MinOverlap),
            [Levels] = JsonSerializer.SerializeToElement(options.PyramidLevels),
            [Refinements] = JsonSerializer.SerializeToElement(options.Refinements),
            [Threshold] = JsonSerializer.SerializeToElement(options.RefinementThreshold),
        },
    };
}
