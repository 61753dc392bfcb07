using System.Text;

namespace QuestionAnswering;

/// <summary>Words as they are printed: no space before a mark or inside quotation marks and brackets.</summary>
internal sealed class PrintedText
{
    private const string OpeningQuote = "``";
    private const string ClosingQuote = "''";

    private readonly StringBuilder _text = new();
    private readonly List<(int Start, int End)> _words = [];
    private bool _joinsNext = true;

    /// <summary>The text.</summary>
    public string Text => _text.ToString();

    /// <summary>Adds words at the end.</summary>
    /// <param name="words">The words; punctuation marks and quotation marks are words of their own.</param>
    /// <returns>This text.</returns>
    public PrintedText Add(params IEnumerable<string> words)
    {
        foreach (string word in words)
            Add(word);
        return this;
    }

    /// <summary>Where a run of words is.</summary>
    /// <param name="first">The index of its first word among all that were added.</param>
    /// <param name="count">How many words it has.</param>
    /// <returns>The first character, and the one behind the last.</returns>
    public (int Start, int End) PlaceOf(int first, int count) => (_words[first].Start, _words[first + count - 1].End);

    private void Add(string word)
    {
        bool joinsPrevious = word is "," or "." or ";" or ":" or "?" or "!" or ")" or "]" or ClosingQuote;
        if (!_joinsNext && !joinsPrevious)
            _text.Append(' ');
        int start = _text.Length;
        _text.Append(word is OpeningQuote or ClosingQuote ? "\"" : word);
        _words.Add((start, _text.Length));
        _joinsNext = word is OpeningQuote or "(" or "[";
    }
}
