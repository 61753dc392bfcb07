using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Makes a box of each query's output: three affine maps with ReLU between them (reference class <c>DetrMLPPredictionHead</c>, keys
/// <c>layers.0</c> to <c>layers.2</c>), added to the query's reference box and squashed to numbers from 0 to 1.
/// </summary>
internal sealed class BoxPredictor : nn.Module
{
    /// <summary>Numbers of a box: centre x, centre y, width and height.</summary>
    internal const int Numbers = 4;

    [ComponentName(Name = "layers")] private readonly ModuleList<PerceiverLinear> _layers;
    [ComponentName(Name = "reference_boxes")] private readonly ReferenceBoxes _references;

    /// <param name="channels">Width of the queries' outputs.</param>
    /// <param name="queries">The number of queries.</param>
    internal BoxPredictor(int channels, int queries) : base(nameof(BoxPredictor))
    {
        _layers = new ModuleList<PerceiverLinear>(
            new PerceiverLinear(channels, channels),
            new PerceiverLinear(channels, channels),
            new PerceiverLinear(channels, Numbers, ParameterRole.Output));
        _references = new ReferenceBoxes(queries);
        RegisterComponents();
    }

    /// <param name="x">[batch, queries, channels].</param>
    /// <returns>[batch, queries, 4] from 0 to 1.</returns>
    internal Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var hidden = nn.functional.relu(_layers[0].forward(x));
        hidden = nn.functional.relu(_layers[1].forward(hidden));
        return _layers[2].forward(hidden).Plus(_references.Boxes).sigmoid().MoveToOuterDisposeScope();
    }

    /// <summary>As <see cref="forward"/>, in a graph.</summary>
    internal OnnxValue ToOnnx(OnnxBuilder builder, OnnxValue x)
    {
        var hidden = builder.Relu(_layers[0].ToOnnx(builder, x));
        hidden = builder.Relu(_layers[1].ToOnnx(builder, hidden));
        return builder.Sigmoid(builder.Plus(_layers[2].ToOnnx(builder, hidden), builder.Parameter(_references.Boxes)));
    }
}

/// <summary>The reference box of each query as it is before the sigmoid; zero, which is the middle, unless it is drawn locally.</summary>
internal sealed class ReferenceBoxes : PerceiverParameterModule
{
    internal ReferenceBoxes(int queries) : base(nameof(ReferenceBoxes)) =>
        Declare("weight", ParameterRole.Bias, queries, BoxPredictor.Numbers);

    /// <summary>[queries, 4].</summary>
    internal Tensor Boxes => this[0];
}
