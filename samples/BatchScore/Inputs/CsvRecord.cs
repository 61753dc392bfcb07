namespace BatchScore.Inputs;

/// <summary>A record of comma-separated values as RFC 4180 has them.</summary>
internal static class CsvRecord
{
    /// <summary>Finds the line feed that ends a record.</summary>
    /// <param name="bytes">Bytes from the record's begin.</param>
    /// <param name="delimiter">What separates fields.</param>
    /// <param name="isInside">Whether the bytes end between quotes.</param>
    /// <returns>Its place; -1 where there is none.</returns>
    public static int End(ReadOnlySpan<byte> bytes, byte delimiter, out bool isInside)
    {
        isInside = false;
        int at = 0;
        while (at < bytes.Length)
        {
            if (bytes[at] == '"')
            {
                int close = Close(bytes[(at + 1)..]);
                if (close < 0)
                {
                    isInside = true;
                    return -1;
                }

                at += close + 2;
            }

            // To the field's end; a quote within a field that does not begin with one is a character like others.
            int end = bytes[at..].IndexOfAny(delimiter, (byte)'\n');
            if (end < 0)
                return -1;
            at += end;
            if (bytes[at] == '\n')
                return at;
            at++;
        }

        return -1;
    }

    /// <summary>The fields of a record.</summary>
    /// <param name="record">The record, without its line end.</param>
    /// <param name="delimiter">What separates fields.</param>
    /// <exception cref="BadRowException">Something follows a closing quote, or a field is not UTF-8.</exception>
    public static List<string> Fields(ReadOnlySpan<byte> record, byte delimiter)
    {
        var fields = new List<string>();
        int at = 0;
        while (true)
        {
            int next;
            if (at < record.Length && record[at] == '"')
            {
                int close = Close(record[(at + 1)..]);
                if (close < 0)
                    throw new BadRowException($"the quote before field {fields.Count + 1} is not closed.");
                fields.Add(Utf8Text.Of(record.Slice(at + 1, close)).Replace("\"\"", "\"", StringComparison.Ordinal));
                next = at + close + 2;
                if (next < record.Length && record[next] != delimiter)
                    throw new BadRowException($"something stands between the quotes of field {fields.Count} and the next field.");
            }
            else
            {
                int length = record[at..].IndexOf(delimiter);
                next = length < 0 ? record.Length : at + length;
                fields.Add(Utf8Text.Of(record[at..next]));
            }

            if (next >= record.Length)
                return fields;
            at = next + 1;
        }
    }

    // Where the closing quote is, in bytes after the opening one: two quotes stand for one.
    private static int Close(ReadOnlySpan<byte> bytes)
    {
        int at = 0;
        while (true)
        {
            int quote = bytes[at..].IndexOf((byte)'"');
            if (quote < 0)
                return -1;
            at += quote;
            if (at + 1 >= bytes.Length || bytes[at + 1] != '"')
                return at;
            at += 2;
        }
    }
}
