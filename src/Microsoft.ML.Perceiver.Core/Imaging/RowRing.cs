namespace Microsoft.ML.Perceiver;

/// <summary>A ring of the last rows of the horizontal pass: each row replaces the one <see cref="Rows"/> above it.</summary>
internal readonly ref struct RowRing
{
    private readonly Span<byte> _bytes;

    internal RowRing(Span<byte> bytes, int rowBytes)
    {
        _bytes = bytes;
        RowBytes = rowBytes;
        Rows = bytes.Length / rowBytes;
    }

    /// <summary>The number of rows in the ring.</summary>
    internal int Rows { get; }

    /// <summary>The bytes of a row, with padding.</summary>
    internal int RowBytes { get; }

    /// <summary>All rows.</summary>
    internal Span<byte> Bytes => _bytes;

    /// <summary>The index of a row in the ring.</summary>
    internal int PlaceOf(int row) => row % Rows;

    /// <summary>The bytes of a row.</summary>
    internal Span<byte> Row(int row) => _bytes.Slice(PlaceOf(row) * RowBytes, RowBytes);
}
