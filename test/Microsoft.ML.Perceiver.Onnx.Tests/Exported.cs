using Microsoft.ML.Perceiver.Tests.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Onnx.Tests;

/// <summary>What tests of exports have in common.</summary>
internal static class Exported
{
    /// <summary>The configuration of tiny models whose weights are large enough for a mistake to show.</summary>
    internal static PerceiverConfig Config { get; } = TinyModels.Config with { InitializerRange = 0.2 };

    /// <summary>Exports a model of one file and runs it.</summary>
    internal static Dictionary<string, Tensor> Run(
        PerceiverPreTrainedModel model, PerceiverOnnxOptions? options, params (string Name, Tensor Value)[] inputs)
    {
        using var folder = new TemporaryFolder();
        var files = PerceiverOnnx.Export(model, folder["model.onnx"], options);
        Assert.HasCount(1, files);
        using var session = new OnnxSession(files[0]);
        return session.Run(inputs.ToDictionary(i => i.Name, i => i.Value));
    }

    /// <summary>A text for each row, the second and later ones padded.</summary>
    internal static (Tensor Ids, Tensor Mask) Texts(int batch, int tokens)
    {
        var mask = ones(batch, tokens, ScalarType.Int64);
        for (int row = 1; row < batch; row++)
            mask[row].narrow(0, tokens - row, row).zero_();
        return (TinyModels.Ids(batch, tokens), mask);
    }
}
