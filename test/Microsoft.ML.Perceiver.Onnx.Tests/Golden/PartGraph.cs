using Microsoft.ML.Perceiver.Tests.Parity;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Onnx.Tests.Golden;

/// <summary>The graph of a part on its own, with the tensors of a run as its inputs.</summary>
internal sealed class PartGraph(OnnxBuilder builder, RunTensors run)
{
    private readonly Dictionary<string, Tensor> _inputs = [];

    /// <summary>What the graph is to be run with.</summary>
    internal IReadOnlyDictionary<string, Tensor> Inputs => _inputs;

    internal void Add(PerceiverModel model) => model.ToOnnx(builder, InputsOf("inputs")!.Value);

    internal void Add(PerceiverPreprocessor preprocessor)
    {
        var preprocessed = preprocessor.ToOnnx(builder, InputsOf("inputs")!.Value);
        builder.Output("preprocessed", preprocessed.Inputs);
        builder.Output("output", preprocessed.Inputs);
        if (preprocessed.WithoutPositions is { } bare)
            builder.Output("inputs_without_pos", bare);
    }

    internal void Add(PerceiverDecoder decoder)
    {
        var latents = Input("z")!;
        OnnxValue? query = null;
        if (Input("inputs") is { } inputs)
        {
            var preprocessed = new OnnxPreprocessed(inputs, Input("inputs_without_pos"))
            {
                ModalitySizes = run.Arguments.IntsByName("modality_sizes")?.ToDictionary(s => s.Key, s => (OnnxDimension)s.Value),
            };
            query = decoder.QueryToOnnx(builder, preprocessed, InputsOf("subsampled_points"));
        }

        builder.Output("logits", decoder.ToOnnx(builder, query, latents));
        if (query is not null)
            builder.Output("query", query);
    }

    internal void Add(PerceiverPostprocessor postprocessor) =>
        builder.Output("output", postprocessor.ToOnnx(builder, Input("inputs")!));

    internal void Add(PerceiverMultimodalPostprocessor postprocessor)
    {
        var decoded = InputsOf("inputs")!.Value;
        var results = run.Arguments.IntsByName("modality_sizes") is { } sizes
            ? postprocessor.ToOnnx(builder, decoded.Value, sizes.ToDictionary(s => s.Key, s => (OnnxDimension)s.Value))
            : postprocessor.ToOnnx(builder, decoded.Modalities!);
        foreach (var (name, value) in results)
            builder.Output($"output.{name}", value);
    }

    private OnnxInputs? InputsOf(string name)
    {
        if (run.Modal(name) is not { } inputs)
            return null;
        if (run.Input(name) is not null)
            return Input(name)!;
        return new OnnxInputs(null, inputs.Modalities.ToDictionary(m => m.Key, m => Input($"{name}.{m.Key}", m.Value)));
    }

    private OnnxValue? Input(string name) => run.Input(name) is { } tensor ? Input(name, tensor) : null;

    private OnnxValue Input(string name, Tensor tensor)
    {
        _inputs[name] = tensor;
        var element = tensor.dtype == ScalarType.Int64 ? OnnxElement.Int64 : OnnxElement.Float;
        return builder.Input(name, element, [.. tensor.shape.Select(n => (OnnxDimension)n)]);
    }
}
