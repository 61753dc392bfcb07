using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// A sentence encoder with a linear head for each teacher beyond the first. The heads are used in training alone; they learn from what the
/// encoder's own projection learns from.
/// </summary>
internal sealed class DistillationModel : PerceiverPreTrainedModel
{
    [ComponentName(Name = "model")] private readonly PerceiverForSentenceEmbedding _model;
    [ComponentName(Name = "teachers")] private readonly TorchSharp.Modules.ModuleList<PerceiverLinear> _heads;

    /// <param name="model">The encoder, whose weights are trained.</param>
    /// <param name="dimensions">Numbers of the vectors of each teacher beyond the first.</param>
    /// <param name="seed">Seed of the heads' first weights.</param>
    internal DistillationModel(PerceiverForSentenceEmbedding model, IEnumerable<int> dimensions, long seed)
        : base(model.Config, nameof(DistillationModel))
    {
        // 8-bit integers would not follow the weights, and only the model itself can give its own up.
        model.UseOwnWeights();
        _model = model;
        int channels = model.Config.LatentChannels;
        _heads = new([.. dimensions.Select(d => new PerceiverLinear(channels, d, ParameterRole.Output))]);
        FinishConstruction(initialize: true, seed);
        _heads.to(model.Device);
    }

    /// <summary>The unscaled vector of a teacher beyond the first, float32 [batch, its numbers].</summary>
    /// <param name="teacher">The teacher's number, from 1.</param>
    /// <param name="pooled">[batch, d_latents].</param>
    internal Tensor Project(int teacher, Tensor pooled) => _heads[teacher - 1].forward(pooled).to(ScalarType.Float32);
}
