using System.Text.RegularExpressions;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Checks of names that become part of an address and of a path: those of models and revisions, and commits and hashes from the hub.
/// </summary>
internal static partial class HubName
{
    /// <summary>Checks a model's name, "owner/name" or "name".</summary>
    /// <exception cref="ArgumentException">It is no such name.</exception>
    internal static void CheckId(string id)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        if (!Id().IsMatch(id) || id.Contains("..", StringComparison.Ordinal) || id.Contains("--", StringComparison.Ordinal))
            throw new ArgumentException($"'{id}' is no name of a model on the hub, such as 'deepmind/language-perceiver'.", nameof(id));
    }

    /// <summary>Checks a revision: a branch, a tag, "refs/pr/1" or a commit.</summary>
    /// <exception cref="ArgumentException">It is no revision.</exception>
    internal static void CheckRevision(string revision)
    {
        ArgumentException.ThrowIfNullOrEmpty(revision);
        if (!Revision().IsMatch(revision) || revision.Split('/').Any(p => p is "" or "." or ".."))
            throw new ArgumentException($"'{revision}' is no branch, tag or commit.", nameof(revision));
    }

    internal static bool IsCommit(string text) => Commit().IsMatch(text);

    internal static bool IsSha256(string text) => Sha256().IsMatch(text);

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9._-]{0,95}(/[A-Za-z0-9_][A-Za-z0-9._-]{0,95})?\z")]
    private static partial Regex Id();

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9._/+-]{0,254}\z")]
    private static partial Regex Revision();

    [GeneratedRegex(@"^[0-9a-f]{40}\z")]
    private static partial Regex Commit();

    [GeneratedRegex(@"^[0-9a-f]{64}\z")]
    private static partial Regex Sha256();
}
