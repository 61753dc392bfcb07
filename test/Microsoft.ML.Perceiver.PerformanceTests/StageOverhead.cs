using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>Text classification over a data view beside the bare module on the same batches, tokenised beforehand.</summary>
internal sealed class StageOverhead : IPipelineBenchmark
{
    private const int Texts = 256, BatchSize = 32;
    private readonly MLContext _context = new(seed: 1);
    private readonly PerceiverTextClassificationTransformer _transformer;
    private readonly IDataView _data;
    private readonly (Tensor Ids, Tensor? Mask)[] _batches;

    public StageOverhead()
    {
        var config = new PerceiverConfig
        {
            NumLatents = 64,
            LatentChannels = 256,
            ModelChannels = 128,
            NumSelfAttendsPerBlock = 6,
            MaxPositionEmbeddings = 256,
        };
        var random = new Random(1);
        string[] texts = Enumerable.Range(0, Texts).Select(_ => new string('x', random.Next(20, 200))).ToArray();
        _data = _context.Data.LoadFromEnumerable(texts.Select(t => new Row { Text = t }));
        var options = new PerceiverTextClassificationOptions
        {
            Checkpoint = PerceiverCheckpoint.FromConfig(config),
            BatchSize = BatchSize,
        };
        _transformer = _context.Transforms.PerceiverTextClassification(options).Fit(_data);
        // The stage reads four batches ahead and sorts them by length.
        _batches = texts.Chunk(4 * BatchSize)
            .SelectMany(w => w.OrderByDescending(t => t.Length).Chunk(BatchSize))
            .Select(b => TokenBatch.ToTensors([.. b.Select(Encode)], CPU))
            .ToArray();
    }

    public int Rows => Texts;

    private static int[] Encode(string text) => PerceiverTokenizer.Default.EncodeForModel(text, null, 256, out _);

    public void Dispose() => _transformer.Dispose();

    public void BareModel()
    {
        using var inference = inference_mode();
        foreach (var (ids, mask) in _batches)
        {
            using var scope = NewDisposeScope();
            _ = _transformer.Model.forward(ids, mask).Logits.softmax(-1).data<float>()[0];
        }
    }

    public void Pipeline() => _ = _transformer.Transform(_data).GetColumn<float[]>("Score").Sum(s => s[0]);

    private sealed class Row
    {
        public string Text { get; set; } = "";
    }
}
