namespace Microsoft.ML.Perceiver;

/// <summary>Checks of what <c>Fit</c> found out that several kinds of stages need.</summary>
internal static class FoundChecks
{
    /// <summary>Checks the longest text.</summary>
    internal static void RequireLength(int length, PerceiverConfig config)
    {
        if (length < 4 || length > config.MaxPositionEmbeddings)
            throw new FormatException($"MaxLength is {length}; it must be from 4 to {config.MaxPositionEmbeddings}.");
    }

    /// <summary>Checks that there is a label for each of the model's outputs.</summary>
    internal static void RequireLabels(LabelSet labels, PerceiverConfig config)
    {
        if (labels?.Names is not { } names || names.Any(n => n is null))
            throw new FormatException("Labels has no names.");
        if (names.Count != config.NumLabels)
            throw new FormatException($"Labels has {names.Count} names, and the configuration {config.NumLabels} labels.");
    }

    /// <summary>Checks the problem.</summary>
    internal static void RequireProblem(PerceiverProblemType problem)
    {
        if (!Enum.IsDefined(problem))
            throw new FormatException($"Problem is {problem}, which is none.");
    }

    /// <summary>Checks the problem, and that a binary classifier has two labels.</summary>
    internal static void RequireProblem(PerceiverProblemType problem, LabelSet labels, bool isBinary)
    {
        RequireProblem(problem);
        if (isBinary && (problem != PerceiverProblemType.SingleLabel || labels.Names.Count != 2))
            throw new FormatException($"IsBinary is true; that is for two single labels, not for {labels.Names.Count}, {problem}.");
    }

    /// <summary>Checks an image processor's settings.</summary>
    internal static void RequireImageProcessor(string? json)
    {
        if (json is null)
            throw new FormatException("ImageProcessor is missing.");
        PerceiverImageProcessorOptions.FromJson(json);
    }
}
