using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>The column of features.</summary>
internal sealed class FeaturesColumn
{
    private readonly bool _mean;

    internal FeaturesColumn(string name, PerceiverFeaturesKind kind, PerceiverConfig config)
    {
        _mean = kind == PerceiverFeaturesKind.MeanLatent;
        Output = new OutputColumn(name, new VectorDataViewType(NumberDataViewType.Single, config.LatentChannels * (_mean ? 1 : config.NumLatents)));
    }

    internal OutputColumn Output { get; }

    /// <summary>What is taken of latents.</summary>
    /// <param name="latents">[batch, latents, channels].</param>
    internal Tensor Values(Tensor latents) => _mean ? latents.mean([1]) : latents;
}
