using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>A head at its published size: how it is loaded and called, and how much arithmetic a call needs.</summary>
/// <param name="Name">Its name in the figures.</param>
/// <param name="Published">The published checkpoint whose size it has.</param>
internal abstract record HeadCase(string Name, PerceiverPublishedCheckpoint Published)
{
    /// <summary>The name of an output that has one part.</summary>
    internal const string Logits = "logits";

    /// <summary>All heads.</summary>
    internal static IReadOnlyList<HeadCase> All { get; } =
    [
        new FillMaskHead(),
        new VisionHead("vision_conv", PerceiverPublishedCheckpoints.VisionConv),
        new VisionHead("vision_fourier", PerceiverPublishedCheckpoints.VisionFourier),
        new VisionHead("vision_learned", PerceiverPublishedCheckpoints.VisionLearned),
        new FlowHead(),
        new MultimodalHead(),
    ];

    /// <summary>The checkpoint's name without its owner, which is its folder's under <c>--weights</c>.</summary>
    internal string CheckpointName => Published.Id[(Published.Id.IndexOf('/') + 1)..];

    /// <summary>The head of a name.</summary>
    internal static HeadCase Find(string name) =>
        All.FirstOrDefault(h => h.Name == name)
        ?? throw new ArgumentException($"There is no head '{name}'; there are {string.Join(", ", All.Select(h => h.Name))}.");

    /// <summary>The model with a checkpoint's weights.</summary>
    internal abstract PerceiverPreTrainedModel Load(PerceiverCheckpoint checkpoint, PerceiverPrecision precision);

    /// <summary>A model whose weights are prepared while they are loaded, as in a stage.</summary>
    private protected static TModel ForPrediction<TModel>(TModel model)
        where TModel : PerceiverPreTrainedModel
    {
        model.IsForPrediction = true;
        return model;
    }

    /// <summary>Writes a checkpoint with random weights of the published size.</summary>
    internal void WriteRandom(string folder)
    {
        using var model = Load(PerceiverCheckpoint.FromConfig(Published.Config), PerceiverPrecision.Float32);
        model.SavePretrained(folder);
    }

    /// <summary>What the model is called with, on the CPU.</summary>
    internal abstract PerceiverInputs Inputs(int batch, ScalarType type);

    /// <summary>Calls the model as an application does, on the device of the inputs.</summary>
    /// <returns>The outputs, by names where it has several parts.</returns>
    internal abstract IReadOnlyDictionary<string, Tensor> Forward(PerceiverPreTrainedModel model, PerceiverInputs inputs);

    /// <summary>Calls the model and waits for the outputs: their sum is a number that only the end of all work can give.</summary>
    internal void Run(PerceiverPreTrainedModel model, PerceiverInputs inputs)
    {
        using var scope = NewDisposeScope();
        foreach (var part in Forward(model, inputs).Values)
            _ = part.sum().to(ScalarType.Float32).item<float>();
    }

    /// <summary>The arithmetic of a call for one row, where nothing is computed that is not wanted, in floating-point operations.</summary>
    internal abstract double Operations { get; }
}
