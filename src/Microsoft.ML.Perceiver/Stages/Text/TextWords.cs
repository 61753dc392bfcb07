using System.Text;
using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>The words of a row's text, and where each begins.</summary>
/// <param name="Column">The column, for messages.</param>
/// <param name="Words">The words.</param>
/// <param name="Starts">The first character of each word; of words in a vector, in the text that they make with a space between.</param>
internal sealed record TextWords(string Column, string[] Words, int[] Starts)
{
    internal int Count => Words.Length;

    /// <summary>A function that reads the words of the row a cursor stands on.</summary>
    internal static Func<TextWords> CreateReader(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is not VectorDataViewType)
        {
            var text = row.GetGetter<ReadOnlyMemory<char>>(column);
            ReadOnlyMemory<char> value = default;
            return () =>
            {
                text(ref value);
                return Split(column.Name, value.ToString());
            };
        }

        var words = Getters.VectorReader<ReadOnlyMemory<char>>(row, column);
        return () => Join(column.Name, Array.ConvertAll(words(), word => word.ToString()));
    }

    /// <summary>Whether not all bytes of the words are among those that are read.</summary>
    /// <param name="example">What is read of them.</param>
    /// <param name="maxLength">The most tokens, of which two are special.</param>
    internal bool IsCut(PerceiverTokenExample example, int maxLength) =>
        example.Labels.Length < Count || (Count > 0 && Encoding.UTF8.GetByteCount(Words[0]) > maxLength - 2);

    /// <summary>The first character of some words, and the number of characters.</summary>
    internal int[] CharactersOf(int first, int count)
    {
        int last = first + count - 1;
        return [Starts[first], Starts[last] + Words[last].Length - Starts[first]];
    }

    /// <summary>The words that have characters of a span.</summary>
    internal IEnumerable<int> WordsOf(int firstCharacter, int characters) => Enumerable.Range(0, Count)
        .Where(word => Starts[word] < firstCharacter + characters && Starts[word] + Words[word].Length > firstCharacter);

    private static TextWords Join(string column, string[] words)
    {
        int[] starts = new int[words.Length];
        for (int i = 1; i < words.Length; i++)
            starts[i] = starts[i - 1] + words[i - 1].Length + 1;
        return new TextWords(column, words, starts);
    }

    private static TextWords Split(string column, string text)
    {
        bool BeginsWord(int i) => !char.IsWhiteSpace(text[i]) && (i == 0 || char.IsWhiteSpace(text[i - 1]));
        int[] starts = [.. Enumerable.Range(0, text.Length).Where(BeginsWord)];
        return new TextWords(column, text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries), starts);
    }
}
