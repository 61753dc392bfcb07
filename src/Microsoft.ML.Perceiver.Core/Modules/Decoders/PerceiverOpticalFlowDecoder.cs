using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// A motion for each pixel, asked for by the preprocessed pixel itself (reference class <c>PerceiverOpticalFlowDecoder</c>, keys
/// <c>decoder.*</c>; section 4.3 of the Perceiver IO paper).
/// </summary>
public sealed class PerceiverOpticalFlowDecoder : PerceiverDecoder
{
    [ComponentName(Name = "decoder")] private readonly PerceiverBasicDecoder _decoder;
    private readonly double _rescaleFactor;
    private readonly int _height, _width;

    /// <summary>Makes a decoder.</summary>
    /// <param name="config">The model's configuration.</param>
    /// <param name="outputImageShape">Height and width of the picture that is asked about.</param>
    /// <param name="options">
    /// The inner decoder's settings; <see cref="PerceiverBasicDecoderOptions.OutputNumChannels"/> is 2 for a motion, and
    /// <see cref="PerceiverBasicDecoderOptions.NumChannels"/> the width of the preprocessed input.
    /// </param>
    /// <param name="rescaleFactor">What the answers are divided by.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The shape is not that of a picture, or settings do not fit each other.</exception>
    public PerceiverOpticalFlowDecoder(
        PerceiverConfig config, IReadOnlyList<int> outputImageShape, PerceiverBasicDecoderOptions options, double rescaleFactor = 100)
        : base(nameof(PerceiverOpticalFlowDecoder))
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(outputImageShape);
        ArgumentNullException.ThrowIfNull(options);
        if (outputImageShape is not [> 0, > 0])
            throw new ArgumentException($"A picture's shape is a height and a width, not [{string.Join(", ", outputImageShape)}].", nameof(outputImageShape));
        if (rescaleFactor == 0 || !double.IsFinite(rescaleFactor))
            throw new ArgumentOutOfRangeException(nameof(rescaleFactor), rescaleFactor, "The answers cannot be divided by it.");
        (_height, _width) = (outputImageShape[0], outputImageShape[1]);
        _rescaleFactor = rescaleFactor;
        _decoder = new PerceiverBasicDecoder(config, options);
        RegisterComponents();
    }

    /// <summary>Queries that are answered at once where no gradient is wanted, so that a large picture needs little more memory than a small one.</summary>
    internal int QueriesAtOnce { get; set; } = 16384;

    /// <inheritdoc/>
    public override int NumQueryChannels => _decoder.NumQueryChannels;

    /// <inheritdoc/>
    /// <returns>The preprocessed input itself, [batch, height times width, channels].</returns>
    /// <exception cref="ArgumentException">Points are given: every pixel is asked about.</exception>
    public override Tensor Query(PerceiverPreprocessedInputs inputs, PerceiverInputs? subsampledPoints = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return subsampledPoints is null
            ? inputs.Inputs.alias()
            : throw new ArgumentException("A decoder of optical flow answers for every pixel; it takes no points.", nameof(subsampledPoints));
    }

    /// <inheritdoc/>
    /// <returns>[batch, height, width, channels].</returns>
    public override PerceiverDecoderOutput forward(Tensor? query, Tensor latents, bool outputAttentions = false)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.shape[1] != (long)_height * _width)
            throw new ArgumentException($"There are {query.shape[1]} queries; this decoder asks about {_height} x {_width} pixels.", nameof(query));
        using var scope = NewDisposeScope();
        var answer = outputAttentions || is_grad_enabled() ? _decoder.forward(query, latents, outputAttentions) : InParts(query, latents);
        var flow = (answer.Logits / _rescaleFactor).reshape(query.shape[0], _height, _width, -1);
        answer.CrossAttention?.MoveToOuterDisposeScope();
        return answer with { Logits = flow.MoveToOuterDisposeScope() };
    }

    /// <summary>The motions of some pixels only: what training asks for, where most pixels of a picture say the same.</summary>
    /// <param name="query">Rows of what <see cref="Query"/> returned, [batch, pixels, channels].</param>
    /// <param name="latents">The encoder's last hidden state.</param>
    /// <returns>[batch, pixels, channels].</returns>
    internal Tensor Motions(Tensor query, Tensor latents)
    {
        using var scope = NewDisposeScope();
        return (_decoder.forward(query, latents).Logits / _rescaleFactor).MoveToOuterDisposeScope();
    }

    private PerceiverDecoderOutput InParts(Tensor query, Tensor latents)
    {
        long count = query.shape[1], atOnce = Math.Max(1, QueriesAtOnce / query.shape[0]);
        if (count <= atOnce)
            return _decoder.forward(query, latents);
        var parts = new List<Tensor>();
        for (long start = 0; start < count; start += atOnce)
        {
            using var scope = NewDisposeScope();
            parts.Add(_decoder.forward(query.narrow(1, start, Math.Min(atOnce, count - start)), latents).Logits.MoveToOuterDisposeScope());
        }

        return new PerceiverDecoderOutput(cat(parts, 1), null);
    }
}
