using System.Collections;
using System.Runtime.CompilerServices;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Rows to train or to validate on. A row is read, or made, each time it is needed, so that there may be more than fit in memory. Rows in
/// memory may be written as a collection expression, <c>[.. rows]</c>.
/// </summary>
/// <typeparam name="TRow">What a row is.</typeparam>
[CollectionBuilder(typeof(PerceiverRows), nameof(PerceiverRows.Create))]
public abstract class PerceiverRows<TRow> : IEnumerable<TRow>
{
    /// <summary>How many rows there are.</summary>
    public abstract int Count { get; }

    /// <summary>How long a row is; rows of like length share a batch. 1 where all rows are of one size.</summary>
    /// <param name="row">The row.</param>
    /// <returns>The length in any unit, the same for all rows.</returns>
    public virtual int LengthOf(int row) => 1;

    /// <summary>Reads a row. Several threads may.</summary>
    /// <param name="row">The row.</param>
    /// <param name="random">The random number generator of a training that varies the row; null for the row as it is.</param>
    /// <returns>The row; with a random number generator it may be varied, as training rows are.</returns>
    public abstract TRow Read(int row, PerceiverRandom? random = null);

    /// <summary>Adds what identifies these rows.</summary>
    /// <param name="fingerprint">What it is added to.</param>
    public abstract void AddTo(PerceiverFingerprint fingerprint);

    /// <summary>All rows as they are.</summary>
    /// <returns>An enumerator that reads one row after the other.</returns>
    public IEnumerator<TRow> GetEnumerator()
    {
        for (int row = 0; row < Count; row++)
            yield return Read(row);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal string Fingerprint()
    {
        using var fingerprint = new PerceiverFingerprint();
        AddTo(fingerprint);
        return fingerprint.Finish();
    }
}

/// <summary>Makes <see cref="PerceiverRows{TRow}"/>.</summary>
public static class PerceiverRows
{
    /// <summary>Rows in memory, from a collection expression.</summary>
    /// <typeparam name="TRow">What a row is.</typeparam>
    /// <param name="rows">The rows.</param>
    /// <returns>The rows.</returns>
    public static PerceiverRows<TRow> Create<TRow>(ReadOnlySpan<TRow> rows)
        where TRow : IPerceiverRow => new ListRows<TRow>(rows.ToArray());

    /// <summary>The rows of several sources, one source after the other.</summary>
    /// <typeparam name="TRow">What a row is.</typeparam>
    /// <param name="sources">The sources.</param>
    /// <returns>The rows of all sources.</returns>
    public static PerceiverRows<TRow> Join<TRow>(params IReadOnlyList<PerceiverRows<TRow>> sources)
    {
        ArgumentNullException.ThrowIfNull(sources);
        return new JoinedRows<TRow>(sources);
    }
}
