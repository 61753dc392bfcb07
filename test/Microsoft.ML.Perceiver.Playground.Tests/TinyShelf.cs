using Microsoft.ML.Perceiver.Models;

namespace Microsoft.ML.Perceiver.Playground.Tests;

/// <summary>A folder of models that run in milliseconds, of random weights.</summary>
internal sealed class TinyShelf : IDisposable
{
    public const string MiniVideo = "perceiver-mini-video";
    public const int Frames = 2, FrameSide = 8, SamplesPerFrame = 10, MaxBytes = 38, TileHeight = 24, TileWidth = 32;

    private readonly TemporaryFolder _folder = new();

    public string Path => _folder.Path;

    public string this[string name] => _folder[name];

    public static PerceiverConfig Language { get; } = new()
    {
        NumLatents = 6,
        LatentChannels = 16,
        ModelChannels = 24,
        NumSelfAttendsPerBlock = 2,
        NumBlocks = 1,
        NumSelfAttentionHeads = 2,
        NumCrossAttentionHeads = 2,
        MaxPositionEmbeddings = MaxBytes + 2,
        InitializerRange = 0.2,
        Architectures = [nameof(PerceiverForMaskedLM)],
    };

    public static PerceiverConfig Image { get; } = (Language with
    {
        NumCrossAttentionHeads = 1,
        ImageSize = 16,
        Architectures = [nameof(PerceiverForImageClassificationConvProcessing)],
    }).WithLabels(["cat", "dog", "ü"]);

    public static PerceiverConfig Flow { get; } = Language with
    {
        NumLatents = 24,
        LatentChannels = 64,
        ModelChannels = 322,
        QueryKeyChannels = 64,
        ValueChannels = 64,
        TrainSize = [TileHeight, TileWidth],
        InitializerRange = 0.1,
        Architectures = [nameof(PerceiverForOpticalFlow)],
    };

    public static PerceiverConfig Video { get; } = (Language with
    {
        NumCrossAttentionHeads = 1,
        NumFrames = Frames,
        AudioSamplesPerFrame = SamplesPerFrame,
        SamplesPerPatch = 5,
        OutputShape = [1, Frames, FrameSide, FrameSide],
        ImageSize = FrameSide,
        OutputNumChannels = 10,
        LabelTrainableNumChannels = 7,
        CrossAttentionShape = "q",
        Architectures = [nameof(PerceiverForMultimodalAutoencoding)],
    }).WithLabels(["bright", "dark"]);

    public static PerceiverConfig Sentence { get; } = Language with
    {
        EmbeddingSize = 7,
        Architectures = [nameof(PerceiverForSentenceEmbedding)],
    };

    /// <summary>Writes those of the models that are named.</summary>
    public TinyShelf With(params string[] names)
    {
        foreach (string name in names)
        {
            using PerceiverPreTrainedModel model = name switch
            {
                BundledModels.MiniLanguage => new PerceiverForMaskedLM(Language, seed: 3),
                BundledModels.MiniClothing => new PerceiverForImageClassificationConvProcessing(Image, seed: 3),
                BundledModels.MiniSentence => new PerceiverForSentenceEmbedding(Sentence, seed: 3),
                BundledModels.MiniFlow => new PerceiverForOpticalFlow(Flow, seed: 3),
                _ => new PerceiverForMultimodalAutoencoding(Video, seed: 3),
            };
            model.SavePretrained(this[name]);
        }

        return this;
    }

    public static TinyShelf OfAll() =>
        new TinyShelf().With(BundledModels.MiniLanguage, BundledModels.MiniClothing, BundledModels.MiniFlow, MiniVideo);

    public void Dispose() => _folder.Dispose();
}
