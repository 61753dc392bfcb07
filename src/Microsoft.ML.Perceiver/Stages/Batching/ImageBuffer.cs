using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// The images of one column for the rows of a window. They are copies: the owner of an image may release it once the cursor has gone on.
/// </summary>
internal sealed class ImageBuffer : ColumnBuffer
{
    private readonly DataViewRow _row;
    private readonly string _column;
    private readonly ValueGetter<MLImage> _getter;
    private readonly MLImage?[] _images;
    // The same variable each time, so that ML.NET's loader releases the last image. One that is the user's own stays the user's.
    private MLImage? _current;
    private long _position = -1;

    internal ImageBuffer(DataViewRow row, DataViewSchema.Column column, int size)
    {
        _row = row;
        _column = column.Name;
        _getter = row.GetGetter<MLImage>(column);
        _images = new MLImage?[size];
    }

    internal override void Store(int slot)
    {
        _images[slot]?.Dispose();
        _images[slot] = null;
        try
        {
            Read();
            _images[slot] = ImageCopy.Of(_current);
        }
        catch (Exception e) when (ImageErrors.IsUnreadable(e))
        {
            throw ImageErrors.Unreadable(_column, e);
        }
    }

    /// <summary>A getter of the current row's image for the stage itself, so that it is not decoded a second time.</summary>
    internal override Delegate? CreateSourceGetter()
    {
        ValueGetter<MLImage> getter = (ref MLImage value) =>
        {
            Read();
            value = _current!;
        };
        return getter;
    }

    // Each reader gets an image of its own, as many of ML.NET's stages dispose what they have read.
    internal override Delegate CreateGetter(Func<int> slot)
    {
        ValueGetter<MLImage> getter = (ref MLImage value) =>
            value = ImageCopy.Of(_images[slot()]) is { } copy ? ImageCopy.WithMemoryPressure(copy) : null!;
        return getter;
    }

    internal override void Clear()
    {
        foreach (var image in _images)
            image?.Dispose();
        Array.Clear(_images);
    }

    private void Read()
    {
        if (_position == _row.Position)
            return;
        _getter(ref _current!);
        _position = _row.Position;
    }
}
