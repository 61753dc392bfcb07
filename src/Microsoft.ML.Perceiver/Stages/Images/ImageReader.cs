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
internal sealed class ImageReader(string column, int? height, int? width, PerceiverImageLayout layout)
{
    private static readonly IReadOnlyList<InputType> Types =
        [new(new ImageDataViewType()), new(NumberDataViewType.Single, IsVector: true), new(NumberDataViewType.Byte, IsVector: true)];

    /// <summary>A column of images, where vectors of pixels are not taken.</summary>
    internal static InputColumn ImageColumn(string name) => new(name, Types[0]);

    /// <summary>A reader of such a column.</summary>
    internal static ImageReader ForImages(string name) => new(name, null, null, PerceiverImageLayout.ChannelsFirst);

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
    internal Func<T> CreateReader<T>(DataViewRow row, DataViewSchema.Column input, Func<PerceiverImage, T> use)
    {
        Func<PerceiverImage> read = input.Type switch
        {
            VectorDataViewType vector when IsFile(vector) => File(row, input),
            VectorDataViewType { ItemType: var item } vector when item == NumberDataViewType.Byte =>
                Vector<byte>(row, input, vector.Size, (value, _) => value),
            VectorDataViewType vector => Vector<float>(row, input, vector.Size, (value, index) => PixelShape.ToByte(value, index, column)),
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
                return ImageFile.Decode([.. file.DenseValues()]);
            }
            catch (Exception e) when (ImageErrors.IsUnreadable(e))
            {
                throw ImageErrors.Unreadable(column, e);
            }
        };
    }

    private Func<PerceiverImage> Vector<T>(DataViewRow row, DataViewSchema.Column input, int size, Func<T, int, byte> convert)
    {
        var getter = row.GetGetter<VBuffer<T>>(input);
        var shape = PixelShape.Find(size, height, width)!;
        VBuffer<T> values = default;
        byte[] pixels = new byte[size];
        return () =>
        {
            getter(ref values);
            if (values.Length != size)
                throw new RowException(0, $"the column '{column}' has {values.Length} values in this row, not {size}.");
            Array.Clear(pixels);
            foreach (var value in values.Items())
                pixels[value.Key] = convert(value.Value, value.Key);
            return new PerceiverImage(shape.Height, shape.Width, shape.Channels, pixels, layout);
        };
    }
}
