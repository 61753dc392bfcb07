using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Microsoft.ML.Perceiver;

/// <summary>What is wrong with a generator's options.</summary>
internal static class EmbeddingOptionChecks
{
    // As of the estimator's BatchSize and MaxLength.
    private const int LargestBatch = 65_536, ShortestLimit = 4;

    /// <summary>Names all that is wrong.</summary>
    /// <param name="options">The options.</param>
    /// <param name="resolve">The full path of a file.</param>
    internal static IEnumerable<string> Faults(PerceiverEmbeddingOptions options, Func<string, string> resolve)
    {
        if (options.FilePath is { } path && !File.Exists(resolve(path)))
            yield return $"the file '{resolve(path)}' does not exist (FilePath is '{path}').";
        if (options.BatchSize is < 1 or > LargestBatch)
            yield return $"BatchSize must be from 1 to {LargestBatch}, not {options.BatchSize}.";
        if (options.MaxLength < ShortestLimit)
            yield return $"MaxLength must be at least {ShortestLimit} or null, not {options.MaxLength}.";
        if (options.ModelId is { Length: 0 })
            yield return "ModelId must be null or a name, not empty.";
        if (EmbeddingSource.Of(options, resolve).IsCheckpoint)
            yield break;
        if (options.Precision is not null)
            yield return "Precision is for a checkpoint; a transformer and a model's file have theirs.";
        if (options.MaxLength is not null)
            yield return "MaxLength is for a checkpoint; a transformer and a model's file have theirs.";
    }
}

/// <summary>Checks the options when the program starts. All that is wrong is said at once.</summary>
/// <param name="environment">The host's environment; null where there is no host.</param>
internal sealed class EmbeddingOptionsValidator(IHostEnvironment? environment) : IValidateOptions<PerceiverEmbeddingOptions>
{
    public ValidateOptionsResult Validate(string? name, PerceiverEmbeddingOptions options)
    {
        string generator = string.IsNullOrEmpty(name) ? "AddPerceiverEmbeddings" : $"AddPerceiverEmbeddings, generator '{name}'";
        var found = EmbeddingOptionChecks.Faults(options, path => HostFolder.Resolve(environment, path));
        string[] faults = [.. found.Select(fault => $"{generator}: {fault}")];
        return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
