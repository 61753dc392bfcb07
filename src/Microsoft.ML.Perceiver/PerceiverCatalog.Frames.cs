using Microsoft.ML.Perceiver;

namespace Microsoft.ML;

// Films without sound.
public static partial class PerceiverCatalog
{
    /// <summary>
    /// Reads the frames of films from image files into vectors that the trainers <c>PerceiverArray</c> take as films; see
    /// <see cref="PerceiverFrameLoadingEstimator"/>.
    /// </summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The column for the films: frames x height x width x 3, or frames x height x width.</param>
    /// <param name="imageFolder">The folder that paths start from; null for the process's own.</param>
    /// <param name="inputColumnName">
    /// The column with the folder of each film's frames, or with a vector of their files; null where the films take its place.
    /// </param>
    /// <param name="frames">How many frames of each film are taken, at even distances from the first to the last.</param>
    /// <param name="height">The height that frames are resized to, in pixels.</param>
    /// <param name="width">The width that frames are resized to, in pixels.</param>
    /// <param name="grayscale">Whether a pixel is one number, its brightness, and not red, green and blue.</param>
    /// <returns>An estimator that adds the column of films.</returns>
    /// <exception cref="ArgumentException">A name is empty, or a number out of range.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// // Folders of numbered pictures, by label: films/wave/0001/1.jpg and so on.
    /// var mlContext = new MLContext(seed: 1);
    /// var films = mlContext.Data.LoadFromEnumerable(
    ///     Directory.GetDirectories("films").SelectMany(Directory.GetDirectories)
    ///         .Select(folder => new { Film = folder, Label = Path.GetFileName(Path.GetDirectoryName(folder)) }));
    /// using var model = mlContext.Transforms.Conversion.MapValueToKey("Label")
    ///     .Append(mlContext.Transforms.LoadPerceiverFrames("Features", inputColumnName: "Film", frames: 8, height: 32, width: 32))
    ///     .Append(mlContext.MulticlassClassification.Trainers.PerceiverArray(new PerceiverArrayClassificationOptions
    ///     {
    ///         Channels = 3,
    ///         Patch = [2, 8, 8],
    ///     }))
    ///     .Fit(films);
    /// ]]></code>
    /// </example>
    public static PerceiverFrameLoadingEstimator LoadPerceiverFrames(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? imageFolder = null,
        string? inputColumnName = null,
        int frames = 16,
        int height = 64,
        int width = 64,
        bool grayscale = false) =>
        catalog.LoadPerceiverFrames(new PerceiverFrameLoadingOptions
        {
            OutputColumnName = outputColumnName,
            ImageFolder = imageFolder,
            InputColumnName = inputColumnName ?? outputColumnName,
            Frames = frames,
            Height = height,
            Width = width,
            Grayscale = grayscale,
        });

    /// <summary>
    /// Reads the frames of films from image files into vectors that the trainers <c>PerceiverArray</c> take as films; see
    /// <see cref="PerceiverFrameLoadingEstimator"/>.
    /// </summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="options">The settings.</param>
    /// <returns>An estimator that adds the column of films.</returns>
    /// <exception cref="ArgumentException">A name is empty, or a number out of range.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// // Every third frame of the first 46, in grey.
    /// var mlContext = new MLContext();
    /// var films = mlContext.Data.LoadFromEnumerable([new { Film = "films/wave/0001" }]);
    /// var loaded = mlContext.Transforms.LoadPerceiverFrames(new PerceiverFrameLoadingOptions { Stride = 3, Grayscale = true })
    ///     .Fit(films).Transform(films);
    /// Console.WriteLine(loaded.Schema["Features"].Type);
    /// ]]></code>
    /// </example>
    public static PerceiverFrameLoadingEstimator LoadPerceiverFrames(this TransformsCatalog catalog, PerceiverFrameLoadingOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new PerceiverFrameLoadingEstimator(MlNetInternals.EnvironmentOf(catalog), options);
    }
}
