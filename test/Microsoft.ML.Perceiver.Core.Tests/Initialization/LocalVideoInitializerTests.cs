using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Initialization;

/// <summary>The first weights of models of video: what reads and asks what.</summary>
[TestClass]
public sealed class LocalVideoInitializerTests
{
    private const int Side = 32, Frames = 8, Patches = 8, Rows = 8, Times = 2;

    private static PerceiverConfig Config { get; } = new()
    {
        NumLatents = Times * Rows * Rows + Patches,
        LatentChannels = 96,
        NumSelfAttendsPerBlock = 1,
        NumSelfAttentionHeads = 2,
        NumCrossAttentionHeads = 4,
        QueryKeyChannels = 128,
        ValueChannels = 96,
        AttentionDropout = 0,
        NumFrames = Frames,
        ImageSize = Side,
        OutputShape = [1, Frames, Side, Side],
        AudioSamplesPerFrame = 256,
        SamplesPerPatch = 256,
        OutputNumChannels = 8,
        LabelTrainableNumChannels = 4,
    };

    [TestMethod]
    public void Anchors_are_near_to_squares_of_four_frames() =>
        CollectionAssert.AreEqual(
            new[] { 2, Rows, Rows }, LocalVideoPositions.Grid(Times * Rows * Rows, PerceiverMultimodalExtents.Of(Config)));

    [TestMethod]
    public void Pixels_and_audio_read_the_latents_of_their_positions_and_these_read_there()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var model = PerceiverCheckpoint.FromConfig(Config, 1, PerceiverInitialization.LocalVideo)
            .Load(c => new PerceiverForMultimodalAutoencoding(c, initialize: false)).Model;
        model.eval();
        var generator = new Generator(1, CPU);
        var inputs = new PerceiverInputs(new Dictionary<string, Tensor>
        {
            [PerceiverForMultimodalAutoencoding.Image] = rand([1, Frames, 3, Side, Side], generator: generator),
            [PerceiverForMultimodalAutoencoding.Audio] = randn([1, Frames * 256, 1], generator: generator) * 0.1,
        });
        var output = model.forward(inputs, outputAttentions: true);
        int images = Times * Rows * Rows, patches = Side / 4;

        // [heads, latents, inputs], the audio first; the second half of the heads is the audio's.
        var read = output.CrossAttentions![0][0].argmax(-1);
        long[] audio = read[3].narrow(0, images, Patches).data<long>().ToArray();
        CollectionAssert.AreEqual(Enumerable.Range(0, Patches).Select(j => (long)j).ToArray(), audio);
        long[] image = (read[0].narrow(0, 0, images) - Patches).data<long>().ToArray();
        int reads = image.Where((place, latent) =>
            Near(place / patches % patches, latent / Rows % Rows) && Near(place % patches, latent % Rows)).Count();
        Assert.IsGreaterThan(0.9, reads / (double)images);

        // [queries, latents], the audio first.
        long[] asked = output.CrossAttentions[1][0, 0].argmax(-1).data<long>().ToArray();
        CollectionAssert.AreEqual(Enumerable.Range(0, Patches).Select(j => (long)(images + j)).ToArray(), asked[..Patches]);
        int asks = asked[Patches..^1].Where((latent, pixel) =>
            latent < images && Near(latent / Rows % Rows, pixel / Side % Side / 4) && Near(latent % Rows, pixel % Side / 4)).Count();
        Assert.IsGreaterThan(0.9, asks / (double)(Frames * Side * Side));
    }

    [TestMethod]
    public void Models_without_room_and_others_are_refused()
    {
        Refused(Config with { NumLatents = Patches }, "more latents than patches of audio");
        Refused(Config with { SamplesPerPatch = 128 }, "243 samples");
        Refused(Config with { LatentChannels = 32, ValueChannels = 32 }, "latent channels");
        var checkpoint = PerceiverCheckpoint.FromConfig(Config, 1, PerceiverInitialization.LocalVideo);
        Assert.ThrowsExactly<ArgumentException>(() => checkpoint.Load(c => new PerceiverModel(c, initialize: false)));
    }

    private static void Refused(PerceiverConfig config, string message)
    {
        var checkpoint = PerceiverCheckpoint.FromConfig(config, 1, PerceiverInitialization.LocalVideo);
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(
                () => checkpoint.Load(c => new PerceiverForMultimodalAutoencoding(c, initialize: false))).Message,
            message);
    }

    private static bool Near(long a, long b) => Math.Abs(a - b) <= 1;
}
