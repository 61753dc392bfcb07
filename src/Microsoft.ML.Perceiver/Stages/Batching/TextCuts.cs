namespace Microsoft.ML.Perceiver;

/// <summary>Counts the texts that were longer than the model takes, for the log to say once.</summary>
/// <param name="limit">The most tokens of a text.</param>
internal sealed class TextCuts(int limit)
{
    private long _read;
    private long _cut;

    /// <summary>Counts a text.</summary>
    internal void Count(bool isCut)
    {
        _read++;
        if (isCut)
            _cut++;
    }

    /// <summary>Tells how many of how many texts were cut, where any was, and begins to count anew.</summary>
    internal void Report(Action<string> log)
    {
        if (_cut > 0)
            log($"{_cut} of {_read} texts were longer than {limit} tokens (bytes and special tokens); what is behind them was not read.");
        (_read, _cut) = (0, 0);
    }
}
