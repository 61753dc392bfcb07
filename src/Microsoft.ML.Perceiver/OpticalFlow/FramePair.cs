namespace Microsoft.ML.Perceiver;

/// <summary>Two frames of one size, in planes.</summary>
internal sealed record FramePair(PerceiverImage First, PerceiverImage Second)
{
    /// <summary>A function that reads the row a cursor stands on.</summary>
    /// <param name="row">The row, or cursor.</param>
    /// <param name="first">The first frame's column.</param>
    /// <param name="second">The second frame's.</param>
    internal static Func<FramePair> CreateReader(DataViewRow row, DataViewSchema.Column first, DataViewSchema.Column second)
    {
        var readFirst = ImageReader.ForImages(first.Name).CreateReader(row, first, RgbPlanes.Of);
        var readSecond = ImageReader.ForImages(second.Name).CreateReader(row, second, RgbPlanes.Of);
        return () =>
        {
            var (a, b) = (readFirst(), readSecond());
            return (a.Height, a.Width) == (b.Height, b.Width)
                ? new FramePair(a, b)
                : throw new RowException(
                    0,
                    $"the frame in the column '{first.Name}' has {a.Height} x {a.Width} pixels, "
                    + $"that in '{second.Name}' {b.Height} x {b.Width}; both must be of one size.");
        };
    }
}
