namespace WebApi;

/// <summary>What a load test found.</summary>
/// <param name="Requests">Requests that were sent after the warm-up.</param>
/// <param name="Errors">Requests, the warm-up's too, that failed or had another response than Transform's result.</param>
/// <param name="MedianMilliseconds">The median time of a response.</param>
/// <param name="P99Milliseconds">The time that 99 of 100 responses took at most.</param>
/// <param name="MemoryGrowthPercent">By how much the process grew from the first part of the run to the last.</param>
/// <param name="FirstError">The first error in words; null where there was none.</param>
internal sealed record LoadTestResult(
    long Requests,
    long Errors,
    double MedianMilliseconds,
    double P99Milliseconds,
    double MemoryGrowthPercent,
    string? FirstError)
{
    /// <summary>Errors from the swap of the model on, that of the swap itself among them; 0 where there was no swap.</summary>
    public long SwapFailures { get; init; }
}
