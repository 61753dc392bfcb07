using System.Text;

namespace BatchScore.Outputs;

/// <summary>Writes lines of fields that tabs separate, after a line with their names.</summary>
internal sealed class TsvShardWriter : ShardWriter
{
    private readonly FileStream _stream;
    private readonly StreamWriter _writer;

    /// <summary>Creates the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="fields">The fields after file and row.</param>
    public TsvShardWriter(string path, IReadOnlyList<OutputField> fields)
    {
        _stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        _writer = new StreamWriter(_stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 16) { NewLine = "\n" };
        _writer.WriteLine(string.Join('\t', fields.Select(field => TsvText.Escape(field.Name)).Prepend("Row").Prepend("File")));
    }

    /// <inheritdoc cref="ShardWriter.ReadRows"/>
    public static IEnumerable<(string File, long Row)> ReadRowsOf(string path)
    {
        foreach (string line in File.ReadLines(path).Skip(1))
        {
            string[] fields = line.Split('\t', 3);
            yield return (TsvText.Unescape(fields[0]), long.Parse(fields[1], System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    /// <inheritdoc/>
    public override void Write(string file, long row, object?[] cells)
    {
        _writer.Write(TsvText.Escape(file));
        _writer.Write('\t');
        _writer.Write(row);
        foreach (object? cell in cells)
        {
            _writer.Write('\t');
            _writer.Write(TsvText.Of(cell));
        }

        _writer.WriteLine();
    }

    /// <inheritdoc/>
    public override void Finish()
    {
        _writer.Flush();
        _stream.Flush(flushToDisk: true);
    }

    /// <inheritdoc/>
    public override void Dispose() => _writer.Dispose();
}
