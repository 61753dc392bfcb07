namespace Microsoft.ML.Perceiver.Tests.Multimodal;

/// <summary>The multimodal stage through the one common check.</summary>
[TestClass]
public sealed class MultimodalCheckTests
{
    private static readonly string[] Outputs = ["ReconstructedFrames", "ReconstructedAudio", "Score", "PredictedLabel"];

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    [DataRow("Frames")]
    [DataRow("Bytes")]
    public void Videos_of_one_length(string column) => EstimatorCheck.Run(
        _context, _context.Transforms.PerceiverMultimodal(TinyClips.Checkpoint, column), Data(TinyClips.Rows(3)), Invalid(), Outputs);

    [TestMethod]
    public void Videos_of_unequal_length()
    {
        var random = new Random(2);
        TinyClips.FreeClip[] rows = [.. new[] { 2, 5, 4 }.Select(frames =>
        {
            var (pixels, samples) = TinyClips.Make(random, frames == 5, frames);
            return new TinyClips.FreeClip { Frames = pixels, Audio = samples };
        })];
        EstimatorCheck.Run(
            _context,
            _context.Transforms.PerceiverMultimodal(
                new PerceiverMultimodalOptions { Checkpoint = TinyClips.Checkpoint, BatchSize = 2, MaxMemoryBytes = 30_000 }),
            _context.Data.LoadFromEnumerable(rows),
            Invalid(),
            Outputs);
    }

    [TestMethod]
    public void Training_with_labels() => EstimatorCheck.Run(
        _context,
        _context.Transforms.PerceiverMultimodal(new PerceiverMultimodalOptions
        {
            Checkpoint = TinyClips.Checkpoint,
            LabelColumnName = "Key",
            Training = new() { Epochs = 1, BatchSize = 3 },
            Autoencoding = new() { ImagePoints = 20, AudioPoints = 2, ImageMask = 0.1, AudioMask = 0.5 },
        }),
        Keyed(6),
        [.. Invalid(), Data(TinyClips.Rows(2))],
        Outputs);

    private IDataView Keyed(int count)
    {
        var data = Data(TinyClips.Rows(count));
        return _context.Transforms.Conversion.MapValueToKey("Key", "Label").Fit(data).Transform(data);
    }

    private IDataView Data<T>(IEnumerable<T> rows)
        where T : class => _context.Data.LoadFromEnumerable(rows);

    // No video, no audio, and columns of other types.
    private IDataView[] Invalid() =>
    [
        Data([new TinyClips.AudioRow()]),
        _context.Transforms.DropColumns("Audio").Fit(Data(TinyClips.Rows(1))).Transform(Data(TinyClips.Rows(1))),
        Data([new { Frames = 1f, Bytes = 1f, Audio = new float[20] }]),
        Data([new { Frames = new float[384], Bytes = new byte[384], Audio = "loud" }]),
    ];
}
