using System.Text;
using BatchScore.Inputs;
using BatchScore.Outputs;

namespace BatchScore.Running;

/// <summary>A shard's rows that cannot be scored: an error, or a list.</summary>
/// <param name="isSkipping">Whether they are left out and listed.</param>
internal sealed class BadRows(bool isSkipping)
{
    private readonly List<(string File, long Row, string Error)> _rows = [];

    /// <summary>How many there are.</summary>
    public int Count => _rows.Count;

    /// <summary>Notes a row.</summary>
    /// <param name="file">Its file.</param>
    /// <param name="row">Its number there.</param>
    /// <param name="error">Why it cannot be scored.</param>
    /// <exception cref="FormatException">Rows are not left out.</exception>
    public void Add(InputFile file, long row, string error)
    {
        if (!isSkipping)
            throw new FormatException($"'{file.Name}', row {row}: {error} --skip-bad leaves such rows out and lists them.");
        _rows.Add((file.Name, row, error));
    }

    /// <summary>Writes the list, in the order of the rows, where there are any.</summary>
    /// <param name="unfinished">A file of this process's own.</param>
    /// <param name="path">Where the list goes when it is whole.</param>
    /// <param name="files">The shard's files, in their order.</param>
    public void Write(string unfinished, string path, IEnumerable<InputFile> files)
    {
        if (_rows.Count == 0)
            return;
        var text = new StringBuilder("File\tRow\tError\n");
        // Those that the model refused came later than those of the same chunk that could not be read.
        var places = files.Select((file, place) => (file.Name, place)).ToDictionary();
        foreach (var (file, row, error) in _rows.OrderBy(row => places[row.File]).ThenBy(row => row.Row))
            text.Append(TsvText.Escape(file)).Append('\t').Append(row).Append('\t').Append(TsvText.Escape(error)).Append('\n');
        File.WriteAllText(unfinished, text.ToString());
        File.Move(unfinished, path, overwrite: true);
    }
}
