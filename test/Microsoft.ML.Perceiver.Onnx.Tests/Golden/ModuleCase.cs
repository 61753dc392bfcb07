using Microsoft.ML.Perceiver.Tests.Parity;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Onnx.Tests.Golden;

/// <summary>Runs a golden case of kind "module", a part on its own, through ONNX Runtime.</summary>
internal static class ModuleCase
{
    internal static void Run(GoldenCase golden, OnnxForm form)
    {
        using var module = PartFactory.Module(golden.Config, golden.Spec);
        module.eval();
        using (var weights = SafeTensorsFile.Open(golden.WeightsPath))
            CheckpointLoader.Load(module, weights, newHead: false, seed: 0, standardDeviation: 1);
        using var io = SafeTensorsFile.Open(golden.IoPath);
        foreach (var json in golden.Runs)
            RunGraph(module, new RunTensors(io, golden, json), form);
    }

    /// <summary>Runs a part, or a model of parts, whose inputs have the shapes of the run's tensors.</summary>
    /// <returns>How many results were compared.</returns>
    internal static int RunGraph(nn.Module module, RunTensors run, OnnxForm form)
    {
        using var folder = new TemporaryFolder();
        using var export = new OnnxExport(form, ParameterNames.Of(module));
        var graph = new PartGraph(export.NewGraph(), run);
        switch (module)
        {
            case PerceiverModel model:
                graph.Add(model);
                break;
            case PerceiverPreprocessor preprocessor:
                graph.Add(preprocessor);
                break;
            case PerceiverDecoder decoder:
                graph.Add(decoder);
                break;
            case PerceiverMultimodalPostprocessor postprocessor:
                graph.Add(postprocessor);
                break;
            case PerceiverPostprocessor postprocessor:
                graph.Add(postprocessor);
                break;
            default:
                throw new UnknownPartException(module.GetType().Name);
        }

        var files = new OnnxFiles(folder["part.onnx"], "part", externalData: null).Write(export.Graphs);
        using var session = new OnnxSession(files[0]);
        var results = session.Run(graph.Inputs);
        int compared = 0;
        foreach (string name in run.OutputNames.Where(results.ContainsKey))
        {
            var expected = run.Expected(name);
            var actual = name == "query" ? results[name].expand(expected.shape) : results[name];
            OnnxTolerance.AssertClose(expected, actual, $"{run.Name}: {name}");
            compared++;
        }

        Assert.IsGreaterThan(0, compared, "nothing was compared");
        return compared;
    }
}
