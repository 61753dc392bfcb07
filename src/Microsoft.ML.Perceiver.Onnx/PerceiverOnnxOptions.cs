namespace Microsoft.ML.Perceiver;

/// <summary>The form of a model as an ONNX file.</summary>
public sealed record PerceiverOnnxOptions
{
    /// <summary>The oldest operator set that is known here; older than 17 is refused for what a Perceiver needs.</summary>
    private const int OldestOpset = 13;

    private const int NewestOpset = 20;

    /// <summary>
    /// The version of ONNX's operators, from 17 to 20. ML.NET's <c>ApplyOnnxModel</c> takes up to 20 with its own ONNX Runtime; with 20,
    /// GELU is one operator.
    /// </summary>
    public int Opset { get; init; } = NewestOpset;

    /// <summary>How the weights are stored.</summary>
    public PerceiverOnnxWeights Weights { get; init; }

    /// <summary>
    /// Whether attention is ONNX Runtime's operator MultiHeadAttention, which only ONNX Runtime has, in place of products and a softmax.
    /// Null for weights of 8-bit integers, whose operators only ONNX Runtime has anyway, and for no others.
    /// </summary>
    public bool? FusedAttention { get; init; }

    /// <summary>
    /// Whether the integers of <see cref="PerceiverOnnxWeights.Int8"/> go from -63 to 63, so that the numbers are the same on every
    /// processor. False lets them go to 127: on x64 processors without VNNI, ONNX Runtime adds up pairs of products in 16 bits, which such
    /// weights can overflow. With the bundled models both agree with float32 equally often.
    /// </summary>
    public bool SevenBitWeights { get; init; } = true;

    /// <summary>
    /// Whether the graph has the input <c>attention_mask</c>, int64 [batch, inputs], 1 to read an input and 0 to ignore it. Null for models
    /// that read texts or vectors, and for no others.
    /// </summary>
    public bool? AttentionMask { get; init; }

    /// <summary>
    /// Whether a masked language model scores the tokens at the positions of a further input, <c>positions</c>, int64 [batch, points],
    /// which saves the time of all other positions.
    /// </summary>
    public bool ScorePositions { get; init; }

    /// <summary>
    /// Whether the graph takes texts, the input <c>text</c>, string [batch], and makes ids and mask itself, as a stage does: [CLS], the
    /// UTF-8 bytes plus six, [SEP], with the special tokens that a text has, cut off between characters at the longest text of the model or
    /// the stage, and padded to the longest of the batch. A masked language model gives the ids too, the output <c>input_ids</c>. It is for
    /// <see cref="PerceiverForMaskedLM"/>, <see cref="PerceiverForSequenceClassification"/> and
    /// <see cref="PerceiverForSentenceEmbedding"/>, takes opset 18 or later, and has operators that only ONNX Runtime has.
    /// </summary>
    public bool RawText { get; init; }

    /// <summary>
    /// Whether the graph takes images, the input <c>image</c>, uint8 [batch, height, width, 3], red first, of any size, and does what the
    /// image processor of the model or the stage does: centre crop, resize, rescale, normalise. Pixels are those of
    /// <see cref="PerceiverImageProcessor"/> with every filter. It is for the heads of image classification and for a
    /// <see cref="PerceiverModel"/> that reads images. Settings that crop and do not resize are refused.
    /// </summary>
    public bool RawImages { get; init; }

    /// <summary>
    /// Height and width of the images; null for those that the model was trained with. Trained positions are interpolated to them and
    /// written as they are then: a file takes images of one size.
    /// </summary>
    public PerceiverImageSize? ImageSize { get; init; }

    /// <summary>
    /// Whether the weights are in a file beside the graph's. Null where they take more than 2 GB, which is what one file can hold.
    /// </summary>
    public bool? ExternalData { get; init; }

    /// <summary>The longest text in tokens of <see cref="RawText"/>; null for that of the model.</summary>
    internal int? TextLength { get; init; }

    /// <summary>The image processor's settings of <see cref="RawImages"/>; null for those of the model.</summary>
    internal PerceiverImageProcessorOptions? ImageProcessor { get; init; }

    /// <summary>The type of the attention mask, for tests of masks that no tokenizer makes.</summary>
    internal OnnxElement MaskElement { get; init; } = OnnxElement.Int64;

    /// <summary>Axes of the attention mask, for tests of masks that no tokenizer makes.</summary>
    internal int MaskRank { get; init; } = 2;

    /// <summary>The form that the library's graphs know.</summary>
    /// <exception cref="ArgumentException">An option is out of range or means nothing for the model.</exception>
    internal OnnxForm ToForm(PerceiverPreTrainedModel model)
    {
        if (Opset is < OldestOpset or > NewestOpset)
            throw new ArgumentOutOfRangeException(nameof(Opset), Opset, $"The operator set must be from 17 to {NewestOpset}.");
        if (!Enum.IsDefined(Weights))
            throw new ArgumentOutOfRangeException(nameof(Weights), Weights, "There are no such weights.");
        if (ScorePositions && model is not PerceiverForMaskedLM)
            throw new ArgumentException($"{nameof(ScorePositions)} is for {nameof(PerceiverForMaskedLM)}, not {model.GetType().Name}.");
        CheckRawText(model);
        CheckImageSize(model);
        var processor = RawProcessor(model);
        return new OnnxForm(Opset, Enum.Parse<OnnxWeights>(Weights.ToString()))
        {
            FusedAttention = FusedAttention ?? Weights is PerceiverOnnxWeights.Int8 or PerceiverOnnxWeights.Int8Blocks,
            SevenBits = SevenBitWeights,
            AttentionMask = AttentionMask,
            MaskElement = MaskElement,
            MaskRank = MaskRank,
            AtPositions = ScorePositions,
            TextLength = RawText ? Math.Min(TextLength ?? int.MaxValue, model.Config.MaxPositionEmbeddings) : null,
            ImageSize = (processor is { DoResize: true } ? processor.Size : ImageSize) is { } size ? (size.Height, size.Width) : null,
        };
    }

    /// <summary>What makes pixels of images as they are; null for a graph that takes pixels.</summary>
    /// <exception cref="ArgumentException">The model or the image processor's settings do not allow it.</exception>
    internal Func<OnnxBuilder, OnnxExtents, OnnxValue>? ImagesFor(PerceiverPreTrainedModel model) => RawProcessor(model) is { } processor
        ? (builder, extents) => OnnxImageInput.Add(builder, processor, extents)
        : null;

    /// <summary>Whether a model reads images of any size.</summary>
    internal static bool TakesImageSize(PerceiverPreTrainedModel model) =>
        model is PerceiverForImageClassification or PerceiverForObjectDetection
            or PerceiverModel { InputPreprocessor: PerceiverImagePreprocessor };

    private PerceiverImageProcessorOptions? RawProcessor(PerceiverPreTrainedModel model) =>
        RawImages ? RawImageChecks.Check(model, ImageProcessor ?? model.Inputs.ImageProcessor, ImageSize) : null;

    private void CheckRawText(PerceiverPreTrainedModel model)
    {
        if (!RawText)
            return;
        if (model is not (PerceiverForMaskedLM or PerceiverForSequenceClassification or PerceiverForSentenceEmbedding))
            throw new ArgumentException($"{nameof(RawText)} is for models that read one text as a whole, not {model.GetType().Name}.");
        if (model.Config.VocabularySize < PerceiverTokenizer.VocabularySize)
        {
            throw new ArgumentException(
                $"{nameof(RawText)} is for models that read bytes; this one has {model.Config.VocabularySize} tokens, fewer than "
                + $"{PerceiverTokenizer.VocabularySize} (vocab_size).");
        }

        if (AttentionMask == false)
            throw new ArgumentException($"The graph makes the mask of {nameof(RawText)} itself; {nameof(AttentionMask)} cannot be false.");
    }

    private void CheckImageSize(PerceiverPreTrainedModel model)
    {
        if (ImageSize is not { } size)
            return;
        if (size.Height <= 0 || size.Width <= 0)
            throw new ArgumentOutOfRangeException(nameof(ImageSize), size, "Height and width must be positive.");
        if (!TakesImageSize(model))
            throw new ArgumentException($"{nameof(ImageSize)} is for models that read images of any size, not {model.GetType().Name}.");
    }
}
