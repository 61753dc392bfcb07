using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Microsoft.ML.Perceiver;

/// <summary>A table of a run, as a CSV file and as a file of JSON lines.</summary>
internal sealed class MetricsLog : IDisposable
{
    private readonly FileStream _csv;
    private readonly FileStream _json;

    /// <param name="folder">The run's folder.</param>
    /// <param name="name">The files' name without extension.</param>
    /// <param name="lengths">How many bytes of each file are kept, by file name; files without an entry start empty.</param>
    internal MetricsLog(string folder, string name, IReadOnlyDictionary<string, long> lengths)
    {
        _csv = Open(folder, name + ".csv", lengths);
        _json = Open(folder, name + ".jsonl", lengths);
    }

    /// <summary>Flushes the files to the disk and gives their lengths by file name.</summary>
    internal IEnumerable<KeyValuePair<string, long>> Lengths()
    {
        foreach (var file in (FileStream[])[_csv, _json])
        {
            file.Flush(flushToDisk: true);
            yield return new(Path.GetFileName(file.Name), file.Length);
        }
    }

    internal void Write(IReadOnlyList<KeyValuePair<string, object>> row)
    {
        if (_csv.Length == 0)
            Line(_csv, string.Join(',', row.Select(c => c.Key)));
        Line(_csv, string.Join(',', row.Select(c => Convert.ToString(c.Value, CultureInfo.InvariantCulture))));
        Line(_json, JsonSerializer.Serialize(row.ToDictionary(c => c.Key, c => c.Value), RunJson.Line));
    }

    private static FileStream Open(string folder, string name, IReadOnlyDictionary<string, long> lengths)
    {
        var stream = new FileStream(Path.Combine(folder, name), FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
        // Rows that were logged after the checkpoint will be logged again.
        stream.SetLength(Math.Min(stream.Length, lengths.GetValueOrDefault(name)));
        stream.Seek(0, SeekOrigin.End);
        return stream;
    }

    private static void Line(FileStream file, string text) => file.Write(Encoding.UTF8.GetBytes(text + "\n"));

    public void Dispose()
    {
        _csv.Dispose();
        _json.Dispose();
    }
}
