using Microsoft.Extensions.Options;

namespace Microsoft.ML.Perceiver;

/// <summary>Checks the options of a pool when the program starts. All that is wrong is said at once.</summary>
internal sealed class PerceiverPoolOptionsValidator<TInput, TOutput>(ContentRoot root)
    : IValidateOptions<PerceiverPoolOptions<TInput, TOutput>>
    where TInput : class
    where TOutput : class, new()
{
    public ValidateOptionsResult Validate(string? name, PerceiverPoolOptions<TInput, TOutput> options)
    {
        string model = ModelNames.Describe<TInput, TOutput>(name);
        string[] faults = [.. Faults(options).Select(fault => $"{model}: {fault}")];
        return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private IEnumerable<string> Faults(PerceiverPoolOptions<TInput, TOutput> options)
    {
        if (options.FilePath is null && options.Source is null)
            yield return "there is no model; call FromFile, FromStream or FromModel on the options.";
        if (options.FilePath is { } path && !File.Exists(root.Resolve(path)))
            yield return $"the file '{root.Resolve(path)}' does not exist (FilePath is '{path}').";
        if (options.WatchForChanges && options.FilePath is null)
            yield return "WatchForChanges needs a file; call FromFile.";
        if (options.Engines < 1)
            yield return $"Engines must be at least 1, not {options.Engines}.";
        if (options.MaxQueueLength < 0)
            yield return $"MaxQueueLength must be at least 0, not {options.MaxQueueLength}.";
        if (options.ThreadsPerEngine < 1)
            yield return $"ThreadsPerEngine must be at least 1 or null, not {options.ThreadsPerEngine}.";
        if (options.WatchInterval <= TimeSpan.Zero || options.WatchInterval > TimeSpan.FromDays(1))
            yield return $"WatchInterval must be above 0 and at most a day, not {options.WatchInterval}.";
    }
}
