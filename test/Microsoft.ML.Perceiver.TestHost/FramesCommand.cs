using Microsoft.ML.Perceiver.PerformanceTests;
using Microsoft.ML.Perceiver.Tests.Heads;

namespace Microsoft.ML.Perceiver.TestHost;

/// <summary>Finds the flow of two frames, and says by how much the process grew meanwhile.</summary>
internal static class FramesCommand
{
    public static int Run(int height, int width)
    {
        using var model = PerceiverCheckpoint.FromConfig(
            TinyFlow.Config with { TrainSize = [150, 200], NumSelfAttendsPerBlock = 1 },
            3).Load(c => new PerceiverForOpticalFlow(c, initialize: false)).Model;
        var predictor = new PerceiverOpticalFlowPredictor(model, new PerceiverOpticalFlowPredictorOptions { MaxMemoryBytes = 200_000_000 });
        var (first, second) = (Grey(height, width, 0), Grey(height, width, 1));
        long before = PeakMemory.Bytes("VmRSS");
        var flow = predictor.Predict(first, second);
        Console.WriteLine($"grown {PeakMemory.Bytes("VmHWM") - before}");
        Console.WriteLine($"flow {flow.Height} {flow.Width} {flow.Values.All(float.IsFinite)}");
        return 0;
    }

    private static PerceiverImage Grey(int height, int width, int shift)
    {
        byte[] pixels = new byte[height * width];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
                pixels[y * width + x] = (byte)((x + shift) * 7 ^ y * 3);
        }

        return new PerceiverImage(height, width, 1, pixels);
    }
}
