using System.Globalization;

namespace BatchScore.Planning;

/// <summary>Which shards a task of a scheduler's array scores: every <paramref name="Count"/>th from <paramref name="Index"/> on.</summary>
/// <param name="Index">The task, from 0.</param>
/// <param name="Count">How many tasks there are.</param>
internal sealed record ShardPart(int Index, int Count)
{
    /// <summary>Reads i/n.</summary>
    /// <param name="text">The text; null for all shards.</param>
    public static ShardPart? Parse(string? text)
    {
        if (text is null)
            return null;
        string[] parts = text.Split('/');
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int index)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            && index < count
            ? new ShardPart(index, count)
            : throw new ArgumentException($"--shard is '{text}'; it must be i/n with i from 0 to n - 1, for example 0/8.");
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Index}/{Count}";
}
