using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Gives every rank what the first has read from a checkpoint.</summary>
internal static class ResumedTensors
{
    /// <summary>Gives every rank the weights and the optimizer's state of the first.</summary>
    internal static void Share(TrainingRanks ranks, TrainedWeights weights)
    {
        using var gradients = no_grad();
        ranks.Broadcast(weights.Full().Values);
        var parameters = weights.Parameters;
        var held = ranks.FromFirst(() => parameters.Select(p => new Held(p.Steps, p.Mean is not null, p.Square is not null)).ToArray());
        foreach (var (parameter, (steps, mean, square)) in parameters.Zip(held))
        {
            parameter.CopyToModel();
            if (square)
                parameter.EnsureMoments();
            else if (mean)
                parameter.EnsureMean();
            parameter.Steps = steps;
        }

        ranks.Broadcast(parameters.SelectMany(p => (Tensor?[])[p.Mean, p.Square]).OfType<Tensor>());
    }

    /// <summary>What there is of the optimizer's state of a parameter.</summary>
    private sealed record Held(long Steps, bool Mean, bool Square);
}
