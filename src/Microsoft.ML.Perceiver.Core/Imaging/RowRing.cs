namespace Microsoft.ML.Perceiver;

/// <summary>The last rows of the horizontal pass: a row takes the place of the one that is <see cref="Rows"/> above it.</summary>
internal readonly ref struct RowRing
{
    private readonly Span<byte> _bytes;

    internal RowRing(Span<byte> bytes, int rowBytes)
    {
        _bytes = bytes;
        RowBytes = rowBytes;
        Rows = bytes.Length / rowBytes;
    }

    /// <summary>The number of rows held.</summary>
    internal int Rows { get; }

    /// <summary>The bytes of a row, with what fills it up.</summary>
    internal int RowBytes { get; }

    /// <summary>All rows, in the order of their places.</summary>
    internal Span<byte> Bytes => _bytes;

    /// <summary>The place of a row.</summary>
    internal int PlaceOf(int row) => row % Rows;

    /// <summary>The bytes of a row.</summary>
    internal Span<byte> Row(int row) => _bytes.Slice(PlaceOf(row) * RowBytes, RowBytes);
}
