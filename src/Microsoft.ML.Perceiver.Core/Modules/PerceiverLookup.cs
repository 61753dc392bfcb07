using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>A table of vectors looked up by index; key <c>weight</c>.</summary>
internal sealed class PerceiverLookup : PerceiverParameterModule
{
    internal PerceiverLookup(long entries, long channels) : base(nameof(PerceiverLookup)) =>
        Declare("weight", ParameterRole.Embedding, entries, channels);

    /// <summary>The whole table, [entries, channels].</summary>
    internal Tensor Weight => this[0];

    /// <summary>The vectors of the given indices, [..., channels].</summary>
    internal Tensor forward(Tensor indices) => RowsOf(this[0], indices);

    /// <summary>As <see cref="forward"/>, in a graph.</summary>
    internal OnnxValue ToOnnx(OnnxBuilder builder, OnnxValue indices) => builder.Gather(builder.Parameter(Weight), indices);
}
