using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>One trainable vector a position (reference class <c>PerceiverTrainablePositionEncoding</c>, key <c>position_embeddings</c>).</summary>
internal sealed class TrainablePositionEncoding : ParameterModule
{
    internal TrainablePositionEncoding(TrainablePositions settings) : base(nameof(TrainablePositionEncoding))
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(settings.NumChannels);
        if (settings.IndexDims.Count == 0 || settings.IndexDims.Any(d => d <= 0))
            throw new ArgumentException($"The index dims of trainable positions are [{string.Join(", ", settings.IndexDims)}]; they need positive extents.");
        Positions = settings.IndexDims.Aggregate(1L, (a, b) => checked(a * b));
        Declare("position_embeddings", ParameterRole.Weight, Positions, settings.NumChannels);
    }

    internal long Positions { get; }

    /// <summary>All positions, [1, positions, channels]; one batch entry, as they do not depend on the input.</summary>
    internal Tensor forward() => this[0].unsqueeze(0);

    /// <summary>The positions of the given indices, [indices' shape, channels].</summary>
    internal Tensor At(Tensor indices) => RowsOf(this[0], indices);
}
