namespace Microsoft.ML.Perceiver;

/// <summary>The values of the tag <c>perceiver.outcome</c>.</summary>
internal static class Outcomes
{
    internal const string Ok = "ok", Failed = "failed", Cancelled = "cancelled", Refused = "refused";
}
