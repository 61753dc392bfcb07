using Microsoft.ML.Perceiver;
using Microsoft.ML.Perceiver.Models;
using static TorchSharp.torch;

namespace OnnxSample;

/// <summary>Optical flow of tiles of two frames. A pixel's choice is its motion, equal within half a pixel.</summary>
internal sealed record FlowHead : Head
{
    private const string Output = "logits";
    private const double EqualWithin = 0.5;

    private FlowHead(PerceiverForOpticalFlow model, IReadOnlyList<IReadOnlyDictionary<string, Tensor>> rows)
        : base("flow", model, rows, row => new() { [Output] = model.forward(row["inputs"]).Logits })
    {
    }

    public override string Choices => "motions, within half a pixel";

    /// <summary>The bundled model with tiles of its size.</summary>
    public static FlowHead Create(int count)
    {
        var model = (PerceiverForOpticalFlow)BundledModel.Load(BundledModels.MiniFlow);
        int height = model.Config.TrainSize[0], width = model.Config.TrainSize[1];
        using var scope = NewDisposeScope();
        var frames = stack([Frame("frame10.png"), Frame("frame11.png")]).unsqueeze(0);
        var rows = new List<IReadOnlyDictionary<string, Tensor>>();
        for (long y = 0; y + height <= frames.shape[3]; y += height)
        {
            for (long x = 0; x + width <= frames.shape[4] && rows.Count < count; x += width)
            {
                var tile = frames.narrow(3, y, height).narrow(4, x, width);
                rows.Add(new Dictionary<string, Tensor>(StringComparer.Ordinal)
                {
                    ["inputs"] = PerceiverOpticalFlowProcessor.Patches(tile).MoveToOuterDisposeScope(),
                    ["points"] = arange(height * width, ScalarType.Int64).MoveToOuterDisposeScope(),
                });
            }
        }

        return new FlowHead(model, rows);
    }

    public override double Agreement(
        IReadOnlyList<Dictionary<string, float[]>> expected, IReadOnlyList<Dictionary<string, float[]>> actual)
    {
        // The outputs of the model times this are pixels.
        float scale = new PerceiverOpticalFlowPredictorOptions().FlowScale;
        return expected.SelectMany(row => row[Output].Chunk(2))
            .Zip(actual.SelectMany(row => row[Output].Chunk(2)))
            .Average(pair => Distance(pair.First, pair.Second) * scale < EqualWithin ? 1.0 : 0);
    }

    private static double Distance(float[] a, float[] b) => Math.Sqrt(Math.Pow(a[0] - b[0], 2) + Math.Pow(a[1] - b[1], 2));

    // Colours from -1 to 1, [3, height, width].
    private static Tensor Frame(string name)
    {
        var image = PerceiverImageConversion.DecodeImage(File.ReadAllBytes(BundledModel.DataPath("flow", name)));
        return tensor(image.ToPlanes(), [3, image.Height, image.Width]).to(ScalarType.Float32) / 127.5f - 1;
    }
}
