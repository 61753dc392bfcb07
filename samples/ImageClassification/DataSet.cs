using Microsoft.ML;
using SkiaSharp;

namespace ImageClassification;

/// <summary>
/// Images with labels, in three splits: a column Label of text, and what <see cref="LoadImages"/> makes the column Image of.
/// </summary>
internal abstract class DataSet
{
    /// <summary>Rows to learn from.</summary>
    public abstract IDataView Train { get; }

    /// <summary>Rows to choose the best epoch by.</summary>
    public abstract IDataView Validation { get; }

    /// <summary>Rows to judge the model by.</summary>
    public abstract IDataView Test { get; }

    /// <summary>A training that suits them.</summary>
    public abstract Recipe Recipe { get; }

    /// <summary>What ML.NET's own trainers learn from, in words.</summary>
    public virtual string PixelsOfBaselines => "the pixels";

    /// <summary>What makes the column Image: images, or vectors of pixels.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    public abstract IEstimator<ITransformer> LoadImages(MLContext mlContext);

    /// <summary>What makes the column Features for ML.NET's own trainers of the column Image: the pixels from 0 to 1.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    public abstract IEstimator<ITransformer> ExtractPixels(MLContext mlContext);

    /// <summary>Some test rows, spread evenly over all, in a context of their own.</summary>
    /// <param name="mlContext">The context.</param>
    /// <param name="count">How many.</param>
    public abstract IDataView SomeTests(MLContext mlContext, int count);

    /// <summary>A test row's image.</summary>
    /// <param name="row">Which row.</param>
    public abstract SKBitmap TestImage(int row);

    private protected static IEnumerable<T> Spread<T>(IReadOnlyList<T> rows, int count) =>
        Enumerable.Range(0, Math.Min(count, rows.Count)).Select(i => rows[(int)((2 * i + 1L) * rows.Count / (2 * count))]);

    /// <summary>The data set of a name.</summary>
    /// <param name="name">Its name on the command line.</param>
    /// <param name="folder">Where its files are; null for where they usually are.</param>
    /// <param name="full">Whether clothing is trained to its end, not for some minutes only.</param>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <exception cref="ArgumentException">There is none of the name.</exception>
    /// <exception cref="IOException">A file is missing.</exception>
    /// <exception cref="FormatException">A file is damaged.</exception>
    public static DataSet Find(string name, string? folder, bool full, MLContext mlContext) => name switch
    {
        "clothing" => new Clothing(mlContext, folder ?? Clothing.DefaultFolder, full),
        "fashion-mnist" => new FashionMnist(mlContext, folder ?? FashionMnist.DefaultFolder),
        _ => throw new ArgumentException($"There is no data set '{name}'; there are clothing and fashion-mnist."),
    };
}
