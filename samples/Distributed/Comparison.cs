using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Perceiver;

namespace Distributed;

/// <summary>What the processes do together against what one does alone.</summary>
internal static class Comparison
{
    private const int Steps = 20, BatchSize = 32, Rounds = 21;

    // A bias of the keys adds the same number to all scores of a query, which changes no attention: its gradient is zero but for rounding
    // errors, which AdamW divides by their own size.
    private const string WithoutEffect = "attention.self.key.bias";

    // The parameters of the bundled language model.
    private const int Numbers = 3_270_000;

    /// <summary>
    /// Takes the same steps with all processes, and then with the first alone. Without dropout, they differ by rounding.
    /// </summary>
    /// <returns>The largest difference of two weights that have an effect; 0 in the other processes.</returns>
    public static double WeightDifference(MLContext mlContext, IPerceiverCommunicator communicator, IDataView rows)
    {
        var config = SpamFilter.Config with { AttentionDropout = 0 };
        var training = new PerceiverTrainingOptions { Epochs = 1, BatchSize = BatchSize, ValidationFraction = 0 };
        var few = mlContext.Data.TakeRows(rows, Steps * BatchSize);
        using var together = Filter(SpamFilter.Train(mlContext, config, training with { Communicator = communicator }, few));
        if (communicator.Rank > 0)
            return 0;
        using var alone = Filter(SpamFilter.Train(mlContext, config, training, few));
        double difference = 0;
        foreach (var ((name, one), (_, other)) in together.Model.named_parameters().Zip(alone.Model.named_parameters()))
        {
            if (name.EndsWith(WithoutEffect, StringComparison.Ordinal))
                continue;
            float[] values = one.data<float>().ToArray();
            difference = Math.Max(difference, values.Zip(other.data<float>().ToArray(), (a, b) => Math.Abs(a - b)).Max());
        }

        return difference;
    }

    /// <summary>The median time in which all processes add 3.27 million numbers, in milliseconds.</summary>
    public static double ExchangeMilliseconds(IPerceiverCommunicator communicator)
    {
        float[] numbers = new float[Numbers];
        var times = new List<double>();
        for (int round = 0; round < Rounds; round++)
        {
            communicator.Barrier();
            var clock = Stopwatch.StartNew();
            communicator.AllReduceSum(numbers);
            times.Add(clock.Elapsed.TotalMilliseconds);
        }

        return times.Order().ElementAt(Rounds / 2);
    }

    private static PerceiverTextClassificationTransformer Filter(ITransformer pipeline) =>
        ((IEnumerable<ITransformer>)pipeline).OfType<PerceiverTextClassificationTransformer>().Single();
}
