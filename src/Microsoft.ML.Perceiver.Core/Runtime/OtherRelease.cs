namespace Microsoft.ML.Perceiver;

/// <summary>A libtorch that is not of the release that TorchSharp is built for, which its missing functions tell.</summary>
/// <param name="Directory">Its folder.</param>
/// <param name="TorchSharpPath">TorchSharp's library.</param>
/// <param name="Symbol">The first function that it lacks.</param>
/// <param name="Count">How many it lacks.</param>
internal sealed record OtherRelease(string Directory, string TorchSharpPath, string Symbol, int Count)
{
    /// <summary>What is wrong, as part of a sentence.</summary>
    internal string Description =>
        $"the libtorch in {Directory} is not the release that {TorchSharpPath} is built for: "
        + $"it lacks {Symbol}{(Count > 1 ? $" and {Count - 1} more" : "")}";

    /// <summary>What is added to the description of the loaded libraries, where the program allows this release.</summary>
    internal string Warning => $" Warning: {Description}. A call of a function that is lacking ends the process.";
}
