using Microsoft.ML.Data;
using Microsoft.ML.Perceiver.Models;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>
/// 1,000 short texts through the fill-mask stage over a data view, beside the bare model on the same batches as ready tensors.
/// </summary>
internal sealed class FillMaskPipeline : IPipelineBenchmark
{
    private const int Texts = 1000, BatchSize = 32, MaskId = 3;
    private readonly MLContext _context = new(seed: 1);
    private readonly PerceiverFillMaskTransformer _transformer;
    private readonly PerceiverForMaskedLM _model;
    private readonly IDataView _data;
    private readonly (Tensor Ids, Tensor? Mask, Tensor Positions)[] _batches;

    public FillMaskPipeline()
    {
        var checkpoint = PerceiverCheckpoint.Bundled(BundledModels.MiniLanguage);
        var random = new Random(1);
        string[] texts = [.. Enumerable.Range(0, Texts).Select(_ => $"The {new string('o', random.Next(1, 60))} man said[MASK] word")];
        _data = _context.Data.LoadFromEnumerable(texts.Select(t => new Row { Text = t }));
        var options = new PerceiverFillMaskOptions { Checkpoint = checkpoint, BatchSize = BatchSize };
        _transformer = _context.Transforms.PerceiverFillMask(options).Fit(_data);
        _model = checkpoint.Load(c => new PerceiverForMaskedLM(c, initialize: false)).Model;
        // The stage reads four batches ahead and sorts them by length.
        _batches = [.. texts.Chunk(4 * BatchSize).SelectMany(w => w.OrderByDescending(t => t.Length).Chunk(BatchSize)).Select(Batch)];
    }

    public int Rows => Texts;

    public void Dispose()
    {
        _transformer.Dispose();
        _model.Dispose();
    }

    public void BareModel()
    {
        using var inference = inference_mode();
        foreach (var (ids, mask, positions) in _batches)
        {
            using var scope = NewDisposeScope();
            _ = _model.LogitsAt(ids, positions, mask).log_softmax(-1).data<float>()[0];
        }
    }

    public void Pipeline() => _ = _transformer.Transform(_data).GetColumn<string>("FilledText").Sum(t => t.Length);

    private static (Tensor Ids, Tensor? Mask, Tensor Positions) Batch(string[] texts)
    {
        int[][] rows = [.. texts.Select(t => PerceiverTokenizer.Default.EncodeForModel(t, null, 256, out _))];
        var (ids, mask) = TokenBatch.ToTensors(rows, CPU);
        return (ids, mask, tensor(rows.Select(r => (long)Array.IndexOf(r, MaskId)).ToArray()).view(rows.Length, 1));
    }

    private sealed class Row
    {
        public string Text { get; set; } = "";
    }
}
