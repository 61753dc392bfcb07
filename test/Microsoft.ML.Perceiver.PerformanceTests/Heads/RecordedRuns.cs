using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>
/// Runs of the reference, recorded as <c>run/in/argument</c> and <c>run/out/result</c> in a safetensors file, run again: how far the logits
/// are from theirs.
/// </summary>
internal static class RecordedRuns
{
    private const string In = "/in/", Logits = "/out/logits";

    /// <summary>The largest difference in any run.</summary>
    internal static double MaxDifference(HeadCase head, string folder, string record, PerceiverPrecision precision)
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        using var file = SafeTensorsFile.Open(record);
        using var model = head.Load(PerceiverCheckpoint.FromDirectory(folder), precision);
        var outputs = file.Tensors
            .Where(t => t.Name.Contains(Logits, StringComparison.Ordinal))
            .GroupBy(t => t.Name[..t.Name.IndexOf('/')])
            .ToArray();
        if (outputs.Length == 0)
            throw new FormatException($"'{record}' has no logits.");
        return outputs.Max(run => run.Max(output => Difference(head, model, file, run.Key, output.Name, precision)));
    }

    private static double Difference(
        HeadCase head, PerceiverPreTrainedModel model, SafeTensorsFile file, string run, string output, PerceiverPrecision precision)
    {
        using var scope = NewDisposeScope();
        var expected = file.Get(output);
        int end = output.IndexOf(Logits, StringComparison.Ordinal) + Logits.Length;
        string modality = output[end..].TrimStart('.');
        var actual = Forward(head, model, file, run, modality, precision);
        return (actual.to(ScalarType.Float32) - expected).abs().max().item<float>();
    }

    private static Tensor Forward(
        HeadCase head, PerceiverPreTrainedModel model, SafeTensorsFile file, string run, string modality, PerceiverPrecision precision)
    {
        bool Has(string name) => file.Tensors.Any(t => t.Name == run + In + name);
        Tensor? Find(string name) => Has(name) ? Cast(file.Get(run + In + name), precision) : null;
        Tensor Input() =>
            Find("inputs") ?? Find("input_ids") ?? Find("pixel_values") ?? throw new FormatException($"The run '{run}' has no input.");
        Dictionary<string, Tensor> Modal(string name) => file.Tensors
            .Where(t => t.Name.StartsWith(run + In + name + '.', StringComparison.Ordinal))
            .ToDictionary(t => t.Name[(run + In + name + '.').Length..], t => Cast(file.Get(t.Name), precision));
        var mask = Find("attention_mask");
        switch (model)
        {
            case PerceiverForMaskedLM language:
                return language.forward(Input(), mask).Logits;
            case PerceiverForImageClassification classifier:
                return classifier.forward(Input(), mask).Logits;
            case PerceiverForOpticalFlow flow:
                return flow.forward(Input(), mask).Logits;
            case PerceiverForMultimodalAutoencoding video:
                var points = Modal("subsampled_output_points");
                PerceiverInputs? chosenPoints = points.Count > 0 ? new PerceiverInputs(points) : default(PerceiverInputs?);
                var output = video.forward(new PerceiverInputs(Modal("inputs")), mask, subsampledOutputPoints: chosenPoints);
                return modality switch
                {
                    PerceiverForMultimodalAutoencoding.Image => output.Image,
                    PerceiverForMultimodalAutoencoding.Audio => output.Audio,
                    _ => output.Label,
                };
            default:
                throw new NotSupportedException($"{head.Name} has no recorded runs.");
        }
    }

    private static Tensor Cast(Tensor input, PerceiverPrecision precision) =>
        input.is_floating_point() ? input.to(precision.ToScalarType()) : input;
}
