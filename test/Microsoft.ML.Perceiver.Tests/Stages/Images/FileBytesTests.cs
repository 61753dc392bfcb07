using Microsoft.ML.Data;
using Microsoft.ML.Perceiver.Tests.Heads;
using Microsoft.ML.Perceiver.Tests.ImageClassification;
using Microsoft.ML.Perceiver.Tests.Modules;
using Microsoft.ML.Perceiver.Tests.Multimodal;

namespace Microsoft.ML.Perceiver.Tests.Stages.Images;

/// <summary>Every stage that reads images reads the bytes of their files, as LoadRawImageBytes gives them, in a pipeline.</summary>
[TestClass]
public sealed class FileBytesTests
{
    private static readonly string[] Names = ["rgb16.png", "grey.jpg", "rgba.png"];

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Classification()
    {
        var stage = _context.Transforms.PerceiverImageClassification(TinyImages.Checkpoint());
        AssertSame<float[]>(stage, "Score", "Image");
    }

    [TestMethod]
    public void Features()
    {
        var stage = _context.Transforms.PerceiverFeatures(TinyImages.Checkpoint("Learned"), imageColumnName: "Image");
        AssertSame<float[]>(stage, "Features", "Image");
    }

    [TestMethod]
    public void Object_detection()
    {
        var config = TinyImages.Config() with { Architectures = [nameof(PerceiverForObjectDetection)], NumQueries = 4 };
        var stage = _context.Transforms.PerceiverObjectDetection(PerceiverCheckpoint.FromConfig(config, 3), scoreThreshold: 0);
        AssertSame<float[]>(stage, "PredictedBoundingBoxes", "Image");
    }

    [TestMethod]
    public void Optical_flow()
    {
        var stage = _context.Transforms.PerceiverOpticalFlow(TinyFlow.Checkpoint);
        AssertSame<float[]>(stage, "Flow", "FirstImage", "SecondImage");
    }

    [TestMethod]
    public void Frames_of_a_film()
    {
        var stage = _context.Transforms.PerceiverMultimodal(new PerceiverMultimodalOptions
        {
            Checkpoint = TinyClips.Checkpoint,
            FrameColumnNames = ["First", "Second"],
        });
        AssertSame<float[]>(stage, "ReconstructedFrames", "First", "Second");
    }

    [TestMethod]
    public void A_trainer()
    {
        var training = new PerceiverTrainingOptions { Epochs = 1, BatchSize = 2, ValidationFraction = 0, Seed = 1 };
        AssertSame<float>(
            _context.BinaryClassification.Trainers.PerceiverImage("Truth", checkpoint: TinyImages.Checkpoint(), training: training),
            "Probability",
            "Image");
    }

    [TestMethod]
    public void Bytes_of_known_number_are_no_files_for_stages_that_take_no_pixels()
    {
        var data = _context.Data.LoadFromEnumerable([new Fixed()]);
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => _context.Transforms.PerceiverOpticalFlow(TinyFlow.Checkpoint).Fit(data));
        Assert.Contains("The column 'FirstImage' has 48 bytes in each row", error.Message);
        Assert.Contains("LoadRawImageBytes", error.Message);
    }

    [TestMethod]
    public void A_frame_that_cannot_be_read_is_named_by_row_and_column()
    {
        byte[] good = File.ReadAllBytes(TinyImages.File("rgb16.png"));
        var data = _context.Data.LoadFromEnumerable(
            [new Pair { FirstImage = good, SecondImage = good }, new Pair { FirstImage = good, SecondImage = good[..20] }]);
        using var model = _context.Transforms.PerceiverOpticalFlow(TinyFlow.Checkpoint).Fit(data);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => model.Transform(data).GetColumn<float[]>("Flow").ToArray());
        Assert.StartsWith("Row 1: the image in the column 'SecondImage' cannot be read:", error.Message);
    }

    // The same as of images that ML.NET decoded.
    private void AssertSame<T>(IEstimator<ITransformer> stage, string output, params string[] columns)
    {
        float[][] bytes = Outputs<T>(stage, output, columns, (c, path) => c.LoadRawImageBytes(path, imageFolder: null, "Path"));
        float[][] images = Outputs<T>(stage, output, columns, (c, path) => c.LoadPerceiverImages(path, inputColumnName: "Path"));
        Assert.HasCount(Names.Length, bytes);
        for (int i = 0; i < bytes.Length; i++)
            TinyModels.AssertSame(images[i], bytes[i]);
    }

    private float[][] Outputs<T>(
        IEstimator<ITransformer> stage,
        string output,
        string[] columns,
        Func<TransformsCatalog, string, IEstimator<ITransformer>> load)
    {
        var rows = Names.Select((name, i) => new FileRow { Path = TinyImages.File(name), Truth = i > 0 });
        var files = _context.Data.LoadFromEnumerable(rows);
        var chain = new EstimatorChain<ITransformer>();
        foreach (string column in columns)
            chain = chain.Append(load(_context.Transforms, column));
        using var model = chain.Append(stage).Fit(files);
        var values = model.Transform(files).GetColumn<T>(output);
        return [.. values.Select(value => value is float[] several ? several : [(float)(object)value!])];
    }

    private sealed class FileRow
    {
        public string Path { get; set; } = "";

        public bool Truth { get; set; }

        [VectorType(TinyClips.Frames * TinyClips.FrameSamples)]
        public float[] Audio { get; set; } = new float[TinyClips.Frames * TinyClips.FrameSamples];
    }

    private sealed class Fixed
    {
        [VectorType(48)]
        public byte[] FirstImage { get; set; } = new byte[48];

        [VectorType(48)]
        public byte[] SecondImage { get; set; } = new byte[48];
    }

    private sealed class Pair
    {
        public byte[] FirstImage { get; set; } = [];

        public byte[] SecondImage { get; set; } = [];
    }
}
