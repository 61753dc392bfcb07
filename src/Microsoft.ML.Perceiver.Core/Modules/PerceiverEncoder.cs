using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// The encoder: latents cross-attend to the inputs once, then run through the same stack of self-attention layers
/// <see cref="PerceiverConfig.NumBlocks"/> times (reference class <c>PerceiverEncoder</c>; section 3.1 of the Perceiver IO paper).
/// </summary>
internal sealed class PerceiverEncoder : nn.Module
{
    [ComponentName(Name = "cross_attention")] private readonly PerceiverLayer _crossAttention;
    [ComponentName(Name = "self_attends")] private readonly ModuleList<PerceiverLayer> _selfAttends;
    private readonly PerceiverLayer[] _layers;
    private readonly int _blocks;

    internal PerceiverEncoder(PerceiverConfig config, int inputChannels) : base(nameof(PerceiverEncoder))
    {
        config.Validate();
        _blocks = config.NumBlocks;
        var cross = AttentionShape.Cross(
            config, config.NumCrossAttentionHeads, config.LatentChannels, inputChannels, config.QueryKeyChannels, config.ValueChannels);
        _crossAttention = new PerceiverLayer(config, cross, config.CrossAttentionWideningFactor, config.UseQueryResidual);
        _layers = Enumerable.Range(0, config.NumSelfAttendsPerBlock).Select(_ => new PerceiverLayer(
            config,
            AttentionShape.Self(config.NumSelfAttentionHeads, config.LatentChannels, config.QueryKeyChannels, config.ValueChannels),
            config.SelfAttentionWideningFactor,
            queryResidual: true)).ToArray();
        _selfAttends = new ModuleList<PerceiverLayer>(_layers);
        RegisterComponents();
    }

    /// <summary>Self-attention layers that a head mask can name: those of one block, as all blocks share them.</summary>
    internal int LayersPerBlock => _layers.Length;

    /// <summary>Whether training computes each layer again in the backward pass instead of keeping its intermediate tensors.</summary>
    internal bool RecomputeLayers { get; set; }

    /// <summary>Encodes inputs.</summary>
    /// <param name="latents">[1, latents, channels].</param>
    /// <param name="inputs">[batch, inputs, input channels].</param>
    /// <param name="bias">Added to the cross-attention's scores; null for none.</param>
    /// <param name="headMask">Multiplies the self-attentions' probabilities, by layer of a block; null for none.</param>
    /// <param name="wantAttentions">Whether to collect the attention probabilities.</param>
    /// <param name="wantHiddenStates">Whether to collect the state before each layer and after each block.</param>
    internal PerceiverModelOutput forward(
        Tensor latents, Tensor inputs, Tensor? bias, IReadOnlyList<Tensor>? headMask, bool wantAttentions, bool wantHiddenStates)
    {
        List<Tensor>? states = wantHiddenStates ? [] : null;
        List<Tensor>? attentions = wantAttentions ? [] : null;
        var (hidden, crossAttention) = _crossAttention.forward(latents, inputs, bias, null, wantAttentions);
        hidden = Stack(hidden, headMask, wantAttentions, states, attentions);
        return new PerceiverModelOutput
        {
            LastHiddenState = hidden,
            HiddenStates = states,
            Attentions = attentions,
            CrossAttentions = crossAttention is null ? null : [crossAttention],
        };
    }

    /// <summary>Keys and values of pixels with positions for the cross-attention; null where they would save nothing.</summary>
    internal FoldedKeys? Fold(PixelGrid grid) => _crossAttention.IsPlainFloat32 ? _crossAttention.Attention.Inner.Fold(grid) : null;

    /// <summary>Encodes inputs whose keys and values are known, [batch, inputs, channels] each, without gradients.</summary>
    internal Tensor Encode(Tensor latents, Tensor keys, Tensor values) =>
        Stack(_crossAttention.AttendTo(latents, keys, values), headMask: null, wantAttentions: false, states: null, attentions: null);

    private Tensor Stack(
        Tensor hidden, IReadOnlyList<Tensor>? headMask, bool wantAttentions, List<Tensor>? states, List<Tensor>? attentions)
    {
        for (int block = 0; block < _blocks; block++)
        {
            for (int i = 0; i < _layers.Length; i++)
            {
                states?.Add(hidden);
                var before = hidden;
                (hidden, var probabilities) = Recomputes(wantAttentions)
                    ? (Recompute(_layers[i], hidden, headMask?[i]), null)
                    : _layers[i].forward(hidden, headMask: headMask?[i], wantProbabilities: wantAttentions);
                if (states is null)
                    before.Dispose();
                if (probabilities is not null)
                    attentions?.Add(probabilities);
            }

            states?.Add(hidden);
        }

        return hidden;
    }

    private bool Recomputes(bool wantAttentions) => RecomputeLayers && training && !wantAttentions && is_grad_enabled();

    private static Tensor Recompute(PerceiverLayer layer, Tensor hidden, Tensor? headMask) =>
        Recomputation.Run(h => layer.forward(h, headMask: headMask).Output, hidden, layer.parameters());
}
