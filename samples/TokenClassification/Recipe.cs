using Microsoft.ML.Perceiver;

namespace TokenClassification;

/// <summary>What the model starts from, and how it is trained.</summary>
internal static class Recipe
{
    /// <summary>The starts by their names.</summary>
    public static readonly string[] Starts = ["mini", "scratch"];

    /// <summary>One passage in so many is trained on and tested with unless all are asked for.</summary>
    private const int QuickEvery = 4;

    /// <summary>How to train.</summary>
    /// <param name="full">Whether all passages are trained on, several times; otherwise a part of them once.</param>
    /// <param name="epochs">Another number of epochs than the recipe's; null for its own.</param>
    /// <param name="run">A run folder; null for none.</param>
    public static PerceiverTrainingOptions Training(bool full, int? epochs, string? run) => new()
    {
        Epochs = epochs ?? (full ? 5 : 1),
        BatchSize = 16,
        LearningRate = 2e-3,
        WarmupFraction = 0.05,
        ValidationFraction = 0.02,
        Precision = PerceiverPrecisions.Fastest(),
        RunFolder = run,
    };

    /// <summary>The passages that are used: all, or some of every text.</summary>
    /// <param name="passages">The passages.</param>
    /// <param name="full">Whether all are used.</param>
    public static TaggedSentence[] Choose(IEnumerable<TaggedSentence> passages, bool full) =>
        [.. passages.Where((_, index) => full || index % QuickEvery == 0)];

    /// <summary>The weights of a start.</summary>
    /// <param name="start">"mini" for the bundled language model, "scratch" for random weights of the same size.</param>
    /// <exception cref="ArgumentException">There is no such start.</exception>
    public static PerceiverCheckpoint Checkpoint(string start)
    {
        var mini = PerceiverCheckpoint.Bundled("perceiver-mini-language");
        return start switch
        {
            "mini" => mini,
            "scratch" => PerceiverCheckpoint.FromConfig(mini.Config, seed: 1, PerceiverInitialization.LocalText),
            _ => throw new ArgumentException($"There is no start '{start}'; there are {string.Join(" and ", Starts)}."),
        };
    }
}
