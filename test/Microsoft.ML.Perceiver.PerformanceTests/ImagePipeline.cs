using Microsoft.ML.Data;
using SkiaSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>From JPEG files to labels over a data view, beside the bare model on the same batches as ready tensors.</summary>
internal sealed class ImagePipeline : IPipelineBenchmark
{
    private const int BatchSize = 16, Batches = 4, Width = 400, Height = 300, Side = 224;
    private readonly MLContext _context = new(seed: 1);
    private readonly TemporaryFolder _folder = new();
    private readonly TransformerChain<PerceiverImageClassificationTransformer> _pipeline;
    private readonly PerceiverForImageClassification _model;
    private readonly IDataView _files;
    private readonly Tensor[] _batches;

    public ImagePipeline()
    {
        string[] paths = Enumerable.Range(0, BatchSize * Batches).Select(WriteImage).ToArray();
        _files = _context.Data.LoadFromEnumerable(paths.Select(p => new Row { Path = p }));
        // Large enough that the model, not the files, sets the pace, and far smaller than the published one.
        var config = new PerceiverConfig
        {
            NumLatents = 256,
            LatentChannels = 512,
            NumSelfAttendsPerBlock = 4,
            NumCrossAttentionHeads = 1,
            ModelChannels = 322,
            Architectures = [nameof(PerceiverForImageClassificationConvProcessing)],
        }.WithLabels(["a", "b", "c", "d"]);
        var load = _context.Transforms.LoadImages("Image", imageFolder: null, "Path").Fit(_files);
        var perceiver = _context.Transforms.PerceiverImageClassification(new PerceiverImageClassificationOptions
        {
            Checkpoint = PerceiverCheckpoint.FromConfig(config),
            ImageProcessor = new PerceiverImageProcessorOptions { Size = new(Side) },
            BatchSize = BatchSize,
        }).Fit(load.Transform(_files));
        _pipeline = load.Append(perceiver);
        _model = perceiver.Model;
        _batches = Enumerable.Range(0, Batches).Select(i => randn(BatchSize, 3, Side, Side)).ToArray();
    }

    public int Rows => BatchSize * Batches;

    public void Dispose()
    {
        _pipeline.Dispose();
        foreach (var batch in _batches)
            batch.Dispose();
        _folder.Dispose();
    }

    public void BareModel()
    {
        using var inference = inference_mode();
        foreach (var batch in _batches)
        {
            using var scope = NewDisposeScope();
            _ = _model.forward(batch).Logits.softmax(-1).argmax(-1).data<long>().Sum();
        }
    }

    public void Pipeline() => _ = _pipeline.Transform(_files).GetColumn<uint>("PredictedLabel").Sum(l => l);

    // Two colours that run into each other under a few discs: smooth and edged as photographs are, so that the file has their size too.
    private string WriteImage(int index)
    {
        var random = new Random(index);
        SKColor Colour() => new((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256));
        using var bitmap = new SKBitmap(Width, Height);
        using var canvas = new SKCanvas(bitmap);
        using var paint = new SKPaint
        {
            Shader = SKShader.CreateLinearGradient(
                new SKPoint(0, 0), new SKPoint(Width, Height), [Colour(), Colour()], SKShaderTileMode.Clamp),
        };
        canvas.DrawPaint(paint);
        for (int i = 0; i < 40; i++)
        {
            using var disc = new SKPaint { Color = Colour(), IsAntialias = true };
            canvas.DrawCircle(random.Next(Width), random.Next(Height), random.Next(5, 60), disc);
        }

        string path = _folder[$"{index}.jpg"];
        using var file = File.Create(path);
        bitmap.Encode(file, SKEncodedImageFormat.Jpeg, quality: 90);
        return path;
    }

    private sealed class Row
    {
        public string Path { get; set; } = "";
    }
}
