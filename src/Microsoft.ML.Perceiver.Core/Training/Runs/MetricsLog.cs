using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Microsoft.ML.Perceiver;

/// <summary>A table of a run that grows by rows: a CSV file and one of JSON lines with the same contents.</summary>
internal sealed class MetricsLog : IDisposable
{
    private readonly FileStream _csv;
    private readonly FileStream _json;

    /// <param name="folder">The run's folder.</param>
    /// <param name="name">The files' name without its ending.</param>
    /// <param name="lengths">How much of each file is kept, by file name; files that are not named are begun anew.</param>
    internal MetricsLog(string folder, string name, IReadOnlyDictionary<string, long> lengths)
    {
        _csv = Open(folder, name + ".csv", lengths);
        _json = Open(folder, name + ".jsonl", lengths);
    }

    /// <summary>How long the files are, by file name, once all of it is on the disk.</summary>
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
        // What was logged after the checkpoint will be logged again.
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
