namespace Microsoft.ML.Perceiver;

/// <summary>The constructor arguments of the reference's <c>PerceiverBasicDecoder</c>, with its defaults.</summary>
public sealed record PerceiverBasicDecoderOptions
{
    private const int TextHeads = 8, TextHeadChannels = 32;

    private readonly int? _outputNumChannels;

    /// <summary>
    /// Width of the output with <see cref="FinalProject"/>; the default is 1, and 2 in a <see cref="PerceiverOpticalFlowDecoder"/>.
    /// </summary>
    public int OutputNumChannels
    {
        get => _outputNumChannels ?? 1;
        init => _outputNumChannels = value;
    }

    /// <summary>How the positions of the outputs are encoded into queries.</summary>
    public PerceiverPositionEncodingOptions PositionEncoding { get; init; } = new();

    /// <summary>The extent of each axis of the output.</summary>
    public IReadOnlyList<int>? OutputIndexDims { get; init; }

    /// <summary>Width of the queries.</summary>
    public int NumChannels { get; init; } = 128;

    /// <summary>Width of queries and keys in the attention; null as in <see cref="PerceiverConfig.QueryKeyChannels"/>.</summary>
    public int? QueryKeyChannels { get; init; }

    /// <summary>Width of the values in the attention; null takes that of the keys.</summary>
    public int? ValueChannels { get; init; }

    /// <summary>Attention heads.</summary>
    public int NumHeads { get; init; } = 1;

    /// <summary>Width of the feed-forward layer as a multiple of the queries'.</summary>
    public int WideningFactor { get; init; } = 1;

    /// <summary>Whether the attention adds the query to its result.</summary>
    public bool UseQueryResidual { get; init; }

    /// <summary>Whether the input without positions is put before the queries' positions.</summary>
    public bool ConcatPreprocessedInput { get; init; }

    /// <summary>Whether an affine map to <see cref="OutputNumChannels"/> ends the decoder.</summary>
    public bool FinalProject { get; init; } = true;

    /// <summary>Whether each output of that map is a label of the configuration.</summary>
    internal bool GivesLabels { get; init; }

    /// <summary>Whether only the queries are wanted, as inside a multimodal decoder: the attention is not built.</summary>
    public bool PositionEncodingOnly { get; init; }

    /// <summary>The same settings with another default of <see cref="OutputNumChannels"/>, which counts where no width was given.</summary>
    internal PerceiverBasicDecoderOptions WithDefaultOutput(int channels) =>
        this with { OutputNumChannels = _outputNumChannels ?? channels };

    /// <summary>The decoder of the text models: a trainable query for each position, eight heads, without a final map.</summary>
    /// <param name="config">The model's configuration.</param>
    internal static PerceiverBasicDecoderOptions ForText(PerceiverConfig config) => new()
    {
        // Fixed in the reference, whatever the configuration says.
        NumHeads = TextHeads,
        QueryKeyChannels = TextHeads * TextHeadChannels,
        NumChannels = config.ModelChannels,
        ValueChannels = config.ModelChannels,
        OutputNumChannels = config.LatentChannels,
        OutputIndexDims = [config.MaxPositionEmbeddings],
        PositionEncoding = PerceiverPositionEncodingOptions.ForTrainable(config.ModelChannels, config.MaxPositionEmbeddings),
        FinalProject = false,
    };
}
