using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Batch normalisation of an image's channels (epsilon 1e-5, momentum 0.1); keys <c>weight</c>, <c>bias</c>, <c>running_mean</c>,
/// <c>running_var</c> and <c>num_batches_tracked</c>.
/// </summary>
internal sealed class PerceiverBatchNorm2d : PerceiverParameterModule
{
    // That of torch's function.
    private const double Epsilon = 1e-5;

    internal PerceiverBatchNorm2d(long channels) : base(nameof(PerceiverBatchNorm2d))
    {
        Declare("weight", ParameterRole.Scale, channels);
        Declare("bias", ParameterRole.Bias, channels);
        DeclareBuffer("running_mean", ParameterRole.Bias, ScalarType.Float32, channels);
        DeclareBuffer("running_var", ParameterRole.Scale, ScalarType.Float32, channels);
        DeclareBuffer("num_batches_tracked", ParameterRole.Bias, ScalarType.Int64);
    }

    /// <param name="x">[batch, channels, height, width].</param>
    internal Tensor forward(Tensor x)
    {
        if (training)
        {
            using var gradients = no_grad();
            this[4].add_(Scalars.One, Scalars.One);
        }

        // The statistics are in float32 whatever the model computes in, and torch needs scale and offset in the same precision.
        var type = this[2].dtype;
        return nn.functional.batch_norm(x, this[2], this[3], this[0].to(type), this[1].to(type), training);
    }

    /// <summary>As <see cref="forward"/> in evaluation, in a graph.</summary>
    internal OnnxValue ToOnnx(OnnxBuilder builder, OnnxValue x) =>
        builder.BatchNormalization(x, this[0], this[1], this[2], this[3], Epsilon);
}
