using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>The weights of a model in memory. Each is copied when it is read, so that the reader's are its own.</summary>
/// <param name="model">The model.</param>
/// <param name="source">Where it comes from, for messages.</param>
internal sealed class ModelTensors(PerceiverPreTrainedModel model, string source) : ITensorSource
{
    public string Source => source;

    public IReadOnlyList<PerceiverTensorInfo> Tensors { get; } =
    [
        .. model.state_dict().Select(p => new PerceiverTensorInfo(
            p.Key, p.Value.dtype, p.Value.shape, Offset: 0, p.Value.NumberOfElements * p.Value.ElementSize)),
    ];

    public IEnumerable<(PerceiverTensorInfo Info, Tensor Value)> ReadAll()
    {
        var state = model.state_dict();
        return Tensors.Select(info => (info, state[info.Name].detach().to(CPU, copy: true)));
    }
}
