using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>The column of features.</summary>
internal sealed class FeaturesColumn
{
    private readonly bool _mean;

    internal FeaturesColumn(PerceiverFeaturesOptions options, PerceiverConfig config)
    {
        _mean = options.Kind == PerceiverFeaturesKind.MeanLatent;
        int size = config.LatentChannels * (_mean ? 1 : config.NumLatents);
        Outputs = [new OutputColumn(options.OutputColumnName, new VectorDataViewType(NumberDataViewType.Single, size))];
    }

    internal IReadOnlyList<OutputColumn> Outputs { get; }

    /// <summary>What is taken of latents.</summary>
    /// <param name="latents">[batch, latents, channels].</param>
    internal Tensor Values(Tensor latents) => _mean ? latents.mean([1]) : latents;
}
