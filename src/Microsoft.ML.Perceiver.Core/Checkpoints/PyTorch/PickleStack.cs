namespace Microsoft.ML.Perceiver;

/// <summary>The stack of values of a pickle, with marks between them.</summary>
/// <param name="damaged">Makes the exception with the position in the file.</param>
internal sealed class PickleStack(Func<string, FormatException> damaged)
{
    // Pickles that Python writes stack at most a thousand pairs.
    private const int Deepest = 1 << 16;

    private readonly List<object?> _values = [];
    private readonly Stack<int> _marks = [];

    internal void Push(object? value)
    {
        if (_values.Count == Deepest)
            throw damaged($"more than {Deepest} values are stacked");
        _values.Add(value);
    }

    internal void Mark()
    {
        if (_marks.Count == Deepest)
            throw damaged($"more than {Deepest} marks are stacked");
        _marks.Push(_values.Count);
    }

    internal object? Top()
    {
        Require(1);
        return _values[^1];
    }

    internal object? Pop() => Pop(1)[0];

    internal object?[] Pop(int count)
    {
        Require(count);
        return Take(_values.Count - count);
    }

    internal object?[] PopToMark()
    {
        if (!_marks.TryPop(out int mark))
            throw damaged("a mark is missing");
        return Take(mark);
    }

    /// <summary>The only value that is left.</summary>
    internal object? Single() =>
        _values.Count == 1 && _marks.Count == 0 ? _values[0] : throw damaged($"the pickle ends with {_values.Count} values");

    private object?[] Take(int start)
    {
        object?[] taken = [.. _values[start..]];
        _values.RemoveRange(start, taken.Length);
        return taken;
    }

    private void Require(int count)
    {
        if (_values.Count - (_marks.TryPeek(out int mark) ? mark : 0) < count)
            throw damaged($"{count} values are wanted and fewer are stacked");
    }
}
