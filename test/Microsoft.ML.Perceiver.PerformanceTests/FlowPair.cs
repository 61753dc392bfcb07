using System.Globalization;
using Microsoft.ML.Perceiver.Models;

namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>
/// Flow between two frames of 584 x 388 pixels with the bundled model, beside the same model by its modules as they stand, with tiles that
/// overlap by 20 pixels and are all refined; by turns in one run, and how far the flow is from the true one.
/// </summary>
internal static class FlowPair
{
    private const int Turns = 3;

    internal static IEnumerable<string> Measure()
    {
        string Data(string name) => RepositoryData.PathOf("samples", "OpticalFlow", "Data", "rubberwhale", name);
        PerceiverImage Read(string name) => PerceiverImageConversion.DecodeImage(File.ReadAllBytes(Data(name)));
        var (first, second, truth) = (Read("frame10.png"), Read("frame11.png"), FloFile.Read(Data("flow10.flo")));
        var checkpoint = PerceiverCheckpoint.Bundled(BundledModels.MiniFlow);
        using var model = checkpoint.Load(c => new PerceiverForOpticalFlow(c, initialize: false)).Model;
        var settings = FlowProcessorKeys.Read(checkpoint.ImageProcessor);
        var predictor = new PerceiverOpticalFlowPredictor(model, settings);
        var plain = new PerceiverOpticalFlowPredictor(model, settings with { MinOverlap = 20, RefinementThreshold = 0 });
        PerceiverFlowField? flow = null;
        void Run(PerceiverOpticalFlowPredictor how, bool keepsModules)
        {
            FoldedFlow.KeepsModules = keepsModules;
            flow = how.Predict(first, second);
        }

        Run(predictor, keepsModules: false);
        double error = PerceiverOpticalFlowMetrics.Compare(flow!, truth).EndPointError;
        var measured = new List<double>();
        var baseline = new List<double>();
        for (int i = 0; i < Turns; i++)
        {
            measured.Add(Measured.Seconds(() => Run(predictor, keepsModules: false)));
            baseline.Add(Measured.Seconds(() => Run(plain, keepsModules: true)));
        }

        double a = Measured.Median(measured), b = Measured.Median(baseline);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{a:f2} s, by the modules with all tiles {b:f2} s"));
        yield return Measured.Figure("flow_pair_s", a, "s");
        yield return Measured.Figure("flow_pair_over_modules", a / b, "ratio");
        yield return Measured.Figure("flow_pair_epe", error, "pixels");
    }
}
