namespace Microsoft.ML.Perceiver;

/// <summary>
/// Makes training examples of images with boxes. The boxes go with the image's crop and size: a box is cut at the crop's edge, and an
/// object of which less than a quarter is left is none of the example.
/// </summary>
public sealed class PerceiverDetectionExampleReader
{
    /// <summary>The share of an object that must be seen.</summary>
    internal const double LeastSeen = 0.25;

    // Pixels that rounding may take a box beyond the edge.
    private const float Tolerance = 0.01f;
    private const int Numbers = 4;
    private readonly PerceiverImageExampleReader _images;
    private readonly PerceiverImageProcessorOptions _options;

    /// <summary>Makes a reader.</summary>
    /// <param name="options">The settings of the image processor that the model will be used with.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException">A setting is out of range; the message names its key.</exception>
    public PerceiverDetectionExampleReader(PerceiverImageProcessorOptions options)
    {
        _images = new PerceiverImageExampleReader(options);
        _options = options;
    }

    /// <summary>Makes an example. Several threads may.</summary>
    /// <param name="image">The image, of any size.</param>
    /// <param name="labels">The index of each object's label.</param>
    /// <param name="boxes">Left, top, right and bottom edge of each object in pixels of the image, box by box.</param>
    /// <returns>The pixels as the model reads them, with the objects.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">
    /// There are not four numbers for each label; a box has no area, lies outside of the image or is no number; or the processor's settings
    /// do not fit the image.
    /// </exception>
    public PerceiverDetectionExample Read(PerceiverImage image, IReadOnlyList<int> labels, IReadOnlyList<float> boxes)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(boxes);
        Box[] pixels = BoxesOf(labels.Count, boxes, image.Height, image.Width);
        var window = CropWindow.Of(_options, image.Height, image.Width);
        var target = TargetOf(labels, Array.ConvertAll(pixels, window.ToShares));
        return new PerceiverDetectionExample(_images.Read(image, []), target);
    }

    /// <summary>The objects that are seen, by their boxes in shares of what is seen.</summary>
    internal static PerceiverDetectionTarget TargetOf(IReadOnlyList<int> labels, Box[] boxes)
    {
        var seen = boxes.Select((box, i) => (Label: labels[i], Box: box.SeenPart(LeastSeen))).Where(o => o.Box is not null).ToArray();
        return new PerceiverDetectionTarget([.. seen.Select(o => o.Label)], [.. seen.SelectMany(o => o.Box!.Value.ToCentre())]);
    }

    private static Box[] BoxesOf(int count, IReadOnlyList<float> numbers, int height, int width)
    {
        if (numbers.Count != Numbers * count)
            throw new ArgumentException($"there are {count} labels and {numbers.Count} numbers of boxes; a box has {Numbers}.");
        var boxes = new Box[count];
        for (int i = 0; i < count; i++)
        {
            var box = new Box(numbers[4 * i], numbers[4 * i + 1], numbers[4 * i + 2], numbers[4 * i + 3]);
            string shown = FormattableString.Invariant(
                $"the box {i} (left {box.Left}, top {box.Top}, right {box.Right}, bottom {box.Bottom})");
            if (!(float.IsFinite(box.Left) && float.IsFinite(box.Top) && float.IsFinite(box.Right) && float.IsFinite(box.Bottom)))
                throw new ArgumentException($"{shown} has a number that is not finite.");
            if (!(box.Width > 0 && box.Height > 0))
                throw new ArgumentException($"{shown} has no area.");
            bool isInside = box.Left >= -Tolerance && box.Top >= -Tolerance
                && box.Right <= width + Tolerance && box.Bottom <= height + Tolerance;
            if (!isInside)
                throw new ArgumentException($"{shown} lies outside of the image of {width} x {height} pixels (width, height).");
            boxes[i] = box.Within(width, height);
        }

        return boxes;
    }
}
