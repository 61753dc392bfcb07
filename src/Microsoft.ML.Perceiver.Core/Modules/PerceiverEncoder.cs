using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// The encoder: latents cross-attend to the inputs once, then run through the same stack of self-attention layers
/// <see cref="PerceiverConfig.NumBlocks"/> times (reference class <c>PerceiverEncoder</c>; section 3.1 of the Perceiver IO paper).
/// <c>PerceiverModel</c> makes it.
/// </summary>
public sealed class PerceiverEncoder : nn.Module
{
    [ComponentName(Name = "cross_attention")] private readonly PerceiverLayer _crossAttention;
    [ComponentName(Name = "self_attends")] private readonly ModuleList<PerceiverLayer> _selfAttends;
    private readonly PerceiverLayer[] _layers;
    private readonly int _blocks, _heads;

    internal PerceiverEncoder(PerceiverConfig config, int inputChannels) : base(nameof(PerceiverEncoder))
    {
        config.Validate();
        (_blocks, _heads) = (config.NumBlocks, config.NumSelfAttentionHeads);
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

    /// <summary>The cross-attention of the latents to the inputs, with its feed-forward layer.</summary>
    public nn.Module CrossAttention => _crossAttention;

    /// <summary>The self-attention layers of one block, each with its feed-forward layer; all blocks share them.</summary>
    public IReadOnlyList<nn.Module> SelfAttends => _layers;

    /// <summary>Whether training computes each layer again in the backward pass instead of keeping its intermediate tensors.</summary>
    internal bool RecomputeLayers { get; set; }

    /// <summary>Encodes inputs.</summary>
    /// <param name="latents">Floats, [1 or batch, latents, channels], as <see cref="PerceiverEmbeddings.forward"/> gives them.</param>
    /// <param name="inputs">What a preprocessor made, floats [batch, inputs, input channels].</param>
    /// <param name="attentionMask">
    /// 1 to read an input and 0 to ignore it, [batch, inputs] or [batch, latents, inputs], where an extent may be 1 for all; null reads
    /// all.
    /// </param>
    /// <param name="headMask">
    /// 1 to keep a self-attention head and 0 to drop it, [heads], [layers, heads] or [layers, batch, heads, latents, latents], where any
    /// extent but the layers' may be 1 for all; null keeps all.
    /// </param>
    /// <param name="outputAttentions">Whether the attention probabilities are returned.</param>
    /// <param name="outputHiddenStates">Whether the latents before each layer and after each block are returned.</param>
    /// <returns>The latents, [batch, latents, channels], and what else was asked for.</returns>
    /// <exception cref="ArgumentException">A tensor has the wrong shape; the message says which.</exception>
    public PerceiverModelOutput forward(
        Tensor latents,
        Tensor inputs,
        Tensor? attentionMask = null,
        Tensor? headMask = null,
        bool outputAttentions = false,
        bool outputHiddenStates = false) =>
        Run(latents, inputs, attentionMask, headMask, outputAttentions, outputHiddenStates);

    /// <summary>As <see cref="forward"/>, with attentions that are followed.</summary>
    internal PerceiverModelOutput Run(
        Tensor latents,
        Tensor inputs,
        Tensor? attentionMask,
        Tensor? headMask,
        bool outputAttentions,
        bool outputHiddenStates,
        AttentionTrace? trace = null)
    {
        RequireVectors(latents, nameof(latents));
        RequireVectors(inputs, nameof(inputs));
        using var scope = NewDisposeScope();
        var bias = AttentionMasks.ToBias(attentionMask, inputs, latents.shape[1]);
        var heads = AttentionMasks.ToLayers(headMask, _layers.Length, _heads, inputs.shape[0], latents);
        trace?.Enter(_crossAttention.Attention.Inner, latents, inputs, bias);
        var output = Encode(latents, inputs, bias, heads, outputAttentions, outputHiddenStates, trace);
        output.MoveToOuterDisposeScope();
        return output;
    }

    /// <summary>As <see cref="forward"/>, in a graph.</summary>
    /// <param name="builder">The graph.</param>
    /// <param name="latents">[1, latents, channels].</param>
    /// <param name="inputs">[batch, inputs, input channels].</param>
    /// <param name="attentionMask">[batch, inputs] or [batch, latents, inputs]; null reads all.</param>
    /// <returns>[batch, latents, channels].</returns>
    internal OnnxValue ToOnnx(OnnxBuilder builder, OnnxValue latents, OnnxValue inputs, OnnxValue? attentionMask)
    {
        var bias = attentionMask is null ? null : AttentionMasks.ToOnnx(builder, attentionMask);
        var hidden = _crossAttention.ToOnnx(builder, latents, inputs, bias);
        for (int block = 0; block < _blocks; block++)
            hidden = _layers.Aggregate(hidden, (x, layer) => layer.ToOnnx(builder, x));
        return hidden;
    }

    private PerceiverModelOutput Encode(
        Tensor latents,
        Tensor inputs,
        Tensor? bias,
        IReadOnlyList<Tensor>? headMask,
        bool wantAttentions,
        bool wantHiddenStates,
        AttentionTrace? trace)
    {
        List<Tensor>? states = wantHiddenStates ? [] : null;
        List<Tensor>? attentions = wantAttentions ? [] : null;
        var (hidden, crossAttention) = _crossAttention.forward(latents, inputs, bias, null, wantAttentions);
        hidden = Stack(hidden, headMask, wantAttentions, states, attentions, trace);
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
        Tensor hidden,
        IReadOnlyList<Tensor>? headMask,
        bool wantAttentions,
        List<Tensor>? states,
        List<Tensor>? attentions,
        AttentionTrace? trace = null)
    {
        for (int block = 0; block < _blocks; block++)
        {
            for (int i = 0; i < _layers.Length; i++)
            {
                states?.Add(hidden);
                trace?.Pass(_layers[i].Attention.Inner, hidden);
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

    private static void RequireVectors(Tensor value, string name)
    {
        ArgumentNullException.ThrowIfNull(value, name);
        if (value.dim() == 3)
            return;
        throw new ArgumentException($"The shape is [{string.Join(", ", value.shape)}]; it needs [batch, vectors, channels].", name);
    }

    private bool Recomputes(bool wantAttentions) => RecomputeLayers && training && !wantAttentions && is_grad_enabled();

    private static Tensor Recompute(PerceiverLayer layer, Tensor hidden, Tensor? headMask) =>
        Recomputation.Run(h => layer.forward(h, headMask: headMask).Output, hidden, layer.parameters());
}
