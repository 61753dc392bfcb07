using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Images of a row, be they MLImages, vectors of pixels or the bytes of files, with an error in words where one cannot be read.
/// </summary>
/// <param name="column">The column.</param>
/// <param name="height">The height of images that are vectors; null for square ones.</param>
/// <param name="width">Their width.</param>
/// <param name="layout">The order of their values.</param>
/// <param name="range">What they mean where they are of Single.</param>
internal sealed class ImageReader(string column, int? height, int? width, PerceiverImageLayout layout, PerceiverPixelRange range)
{
    private readonly PixelValues _values = new(range, column);

    private static readonly IReadOnlyList<InputType> Types =
        [new(new ImageDataViewType()), new(NumberDataViewType.Single, IsVector: true), new(NumberDataViewType.Byte, IsVector: true)];

    /// <summary>A column of images or of the bytes of their files, where vectors of pixels are not taken.</summary>
    internal static InputColumn ImageColumn(string name) => new(name, Types[0], Types[2])
    {
        Fault = type => type is VectorDataViewType { IsKnownSize: true, Size: var size }
            ? $"has {size} bytes in each row; images are MLImage or the bytes of files, in vectors of variable size (LoadRawImageBytes)."
            : null,
    };

    /// <summary>A reader of such a column.</summary>
    internal static ImageReader ForImages(string name) =>
        new(name, null, null, PerceiverImageLayout.ChannelsFirst, PerceiverPixelRange.ZeroTo255);

    /// <summary>The column that is read.</summary>
    internal InputColumn Input => new(column, Types)
    {
        Fault = type => type is VectorDataViewType vector && !IsFile(vector) && PixelShape.Find(vector.Size, height, width) is null
            ? FaultOf(vector)
            : null,
    };

    /// <summary>A function that reads the row a cursor stands on.</summary>
    /// <param name="row">The row, or cursor.</param>
    /// <param name="input">The column in its schema.</param>
    /// <param name="use">What is made of an image, whose memory may be used again afterwards.</param>
    internal Func<T> CreateReader<T>(DataViewRow row, DataViewSchema.Column input, Func<PerceiverImage, T> use) =>
        CreateReader(row, input, image => use((PerceiverImage)image), takesUnit: false);

    /// <summary>A function that reads the row a cursor stands on.</summary>
    /// <param name="row">The row, or cursor.</param>
    /// <param name="input">The column in its schema.</param>
    /// <param name="use">What is made of an image, whose memory may be used again afterwards.</param>
    /// <param name="takesUnit">Whether it takes a <see cref="PerceiverFloatImage"/> of numbers from 0 to 1 too.</param>
    internal Func<T> CreateReader<T>(DataViewRow row, DataViewSchema.Column input, Func<IPixelImage, T> use, bool takesUnit)
    {
        Func<IPixelImage> read = input.Type switch
        {
            VectorDataViewType vector when IsFile(vector) => File(row, input),
            VectorDataViewType { ItemType: var item } vector when item == NumberDataViewType.Byte => Bytes(row, input, vector.Size),
            VectorDataViewType vector => Singles(row, input, vector.Size, takesUnit),
            _ => Image(row, input),
        };
        return () =>
        {
            var image = read();
            try
            {
                return use(image);
            }
            catch (ArgumentException e)
            {
                throw new RowException(
                    0, $"the image of {image.Height} x {image.Width} pixels in the column '{column}' cannot be used: {e.Message}", e);
            }
        };
    }

    // Bytes of any number are those of a file, as LoadRawImageBytes gives them.
    private static bool IsFile(VectorDataViewType vector) => !vector.IsKnownSize && vector.ItemType == NumberDataViewType.Byte;

    private string FaultOf(VectorDataViewType vector)
    {
        string count = vector.IsKnownSize ? $"{vector.Size}" : "an unknown number of";
        string needed = height is null
            ? "a square image in grey or colour; set PixelHeight and PixelWidth"
            : $"an image of {height} x {width} in grey, colour, or colour with alpha";
        return $"has {count} values, which are not the pixels of {needed}.";
    }

    private Func<PerceiverImage> Image(DataViewRow row, DataViewSchema.Column input)
    {
        var getter = row.GetGetter<MLImage>(input);
        // The same variable each time, so that ML.NET's loader releases the last image. One that is the user's own stays the user's.
        MLImage? image = null;
        return () =>
        {
            try
            {
                getter(ref image!);
            }
            catch (Exception e) when (ImageErrors.IsUnreadable(e))
            {
                throw ImageErrors.Unreadable(column, e);
            }

            if (image is null)
                throw new RowException(0, $"the image in the column '{column}' is missing.");
            try
            {
                return image.ToPerceiverImage();
            }
            catch (Exception e) when (e is ArgumentException or ObjectDisposedException)
            {
                throw ImageErrors.Unreadable(column, e);
            }
        };
    }

    private Func<PerceiverImage> File(DataViewRow row, DataViewSchema.Column input)
    {
        var getter = row.GetGetter<VBuffer<byte>>(input);
        VBuffer<byte> file = default;
        return () =>
        {
            try
            {
                getter(ref file);
                return ImageFile.Decode([.. file.DenseValues()], PixelLimit.Pixels);
            }
            catch (Exception e) when (ImageErrors.IsUnreadable(e))
            {
                throw ImageErrors.Unreadable(column, e);
            }
        };
    }

    private Func<IPixelImage> Bytes(DataViewRow row, DataViewSchema.Column input, int size)
    {
        var read = Vector<byte>(row, input, size);
        byte[] pixels = new byte[size];
        return () =>
        {
            read().CopyTo(pixels);
            return Image(pixels);
        };
    }

    private Func<IPixelImage> Singles(DataViewRow row, DataViewSchema.Column input, int size, bool takesUnit)
    {
        var read = Vector<float>(row, input, size);
        byte[] pixels = new byte[size];
        var (rows, columns, channels) = PixelShape.Find(size, height, width)!;
        return () =>
        {
            var values = read();
            if (takesUnit && _values.AreUnit(values))
                return new PerceiverFloatImage(rows, columns, channels, values.DenseValues().ToArray(), layout);
            _values.RefuseScaled(values);
            Array.Clear(pixels);
            foreach (var value in values.Items())
                pixels[value.Key] = _values.ToByte(value.Value, value.Key);
            return Image(pixels);
        };
    }

    private PerceiverImage Image(byte[] pixels)
    {
        var shape = PixelShape.Find(pixels.Length, height, width)!;
        return new PerceiverImage(shape.Height, shape.Width, shape.Channels, pixels, layout);
    }

    private Func<VBuffer<T>> Vector<T>(DataViewRow row, DataViewSchema.Column input, int size)
    {
        var getter = row.GetGetter<VBuffer<T>>(input);
        VBuffer<T> values = default;
        return () =>
        {
            getter(ref values);
            return values.Length == size
                ? values
                : throw new RowException(0, $"the column '{column}' has {values.Length} values in this row, not {size}.");
        };
    }
}
