namespace Microsoft.ML.Perceiver;

/// <summary>Reads training rows: an image with a label and a box for each of its objects.</summary>
/// <param name="options">The settings.</param>
/// <param name="processor">The image processor.</param>
/// <param name="labels">The labels of the training data.</param>
/// <param name="queries">The most objects of an image.</param>
internal sealed class ObjectRows(
    PerceiverObjectDetectionOptions options, PerceiverImageProcessorOptions processor, LabelSet labels, int queries)
{
    private readonly PerceiverImageProcessor _processor = new(processor);
    private readonly PerceiverDetectionExampleReader _examples = new(processor);
    private readonly ImageReader _images = ((IImageOptions)options).CreateReader();

    /// <summary>A function that reads the row a cursor stands on.</summary>
    /// <param name="row">The row, or cursor.</param>
    /// <param name="columns">The columns of image, labels and boxes.</param>
    /// <exception cref="RowException">Labels or boxes are at fault.</exception>
    internal Func<PerceiverDetectionExample> CreateReader(DataViewRow row, DataViewSchema.Column[] columns)
    {
        var readKeys = Getters.VectorReader<uint>(row, columns[1]);
        var readBoxes = Getters.VectorReader<float>(row, columns[2]);
        return _images.CreateReader(row, columns[0], image => Read(image, readKeys(), readBoxes()));
    }

    private PerceiverDetectionExample Read(PerceiverImage image, uint[] keys, float[] boxes)
    {
        if (Array.FindIndex(keys, key => key == 0 || key > labels.Names.Count) is >= 0 and var index)
        {
            string fault = keys[index] == 0
                ? "is missing (a value that the key mapping had never seen)"
                : $"is the key {keys[index]} of {labels.Names.Count}";
            throw new RowException(0, $"the label {index} in the column '{options.LabelColumnName}' {fault}.");
        }

        if (keys.Length > queries)
        {
            throw new RowException(
                0,
                $"there are {keys.Length} objects in the column '{options.LabelColumnName}'; the model finds {queries} at most "
                + "(NumQueries).");
        }

        // The image's own faults name its column.
        _processor.OutputShape(image.Height, image.Width, image.Channels);
        try
        {
            return _examples.Read(image, Array.ConvertAll(keys, key => (int)key - 1), boxes);
        }
        catch (ArgumentException e)
        {
            throw new RowException(
                0, $"the columns '{options.LabelColumnName}' and '{options.BoundingBoxColumnName}' cannot be used: {e.Message}", e);
        }
    }
}
