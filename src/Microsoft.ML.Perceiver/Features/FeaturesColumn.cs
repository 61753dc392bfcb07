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
        Outputs = [OutputColumn<float[]>.Vector(options.OutputColumnName, NumberDataViewType.Single, values => values, size)];
    }

    internal IReadOnlyList<OutputColumn<float[]>> Outputs { get; }

    /// <summary>What is taken of latents.</summary>
    /// <param name="latents">[batch, latents, channels].</param>
    internal Tensor Values(Tensor latents) => _mean ? latents.mean([1]) : latents;
}
