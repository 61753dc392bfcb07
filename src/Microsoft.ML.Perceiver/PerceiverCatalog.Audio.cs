using Microsoft.ML.Perceiver;

namespace Microsoft.ML;

// Audio.
public static partial class PerceiverCatalog
{
    /// <summary>
    /// Reads WAV files into samples from -1 to 1, mixed to one channel, at one sample rate; see
    /// <see cref="PerceiverAudioLoadingEstimator"/>.
    /// </summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The column for the samples, vectors of Single of variable size.</param>
    /// <param name="audioFolder">The folder that paths start from; null for the process's own.</param>
    /// <param name="inputColumnName">
    /// The column with the paths, or with the content of files as vectors of Byte; null where the samples take its place.
    /// </param>
    /// <param name="sampleRate">Samples a second; files of other rates are resampled.</param>
    /// <param name="maxSeconds">How many seconds of a file are read; null for all.</param>
    /// <returns>An estimator that adds the column of samples.</returns>
    /// <exception cref="ArgumentException">A name is empty, or a setting out of range.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// var mlContext = new MLContext();
    /// var files = mlContext.Data.LoadFromEnumerable([new { Path = "hello.wav" }]);
    /// var sounds = mlContext.Transforms.LoadPerceiverAudio("Samples", audioFolder: "recordings", inputColumnName: "Path")
    ///     .Fit(files).Transform(files);
    /// foreach (float[] samples in sounds.GetColumn<float[]>("Samples"))
    ///     Console.WriteLine($"{samples.Length / 16000.0:f1} s");
    /// ]]></code>
    /// </example>
    public static PerceiverAudioLoadingEstimator LoadPerceiverAudio(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? audioFolder = null,
        string? inputColumnName = null,
        int sampleRate = 16_000,
        double? maxSeconds = null) =>
        catalog.LoadPerceiverAudio(new PerceiverAudioLoadingOptions
        {
            OutputColumnName = outputColumnName,
            AudioFolder = audioFolder,
            InputColumnName = inputColumnName ?? outputColumnName,
            SampleRate = sampleRate,
            MaxSeconds = maxSeconds,
        });

    /// <summary>
    /// Reads WAV files into samples from -1 to 1, mixed to one channel, at one sample rate; see
    /// <see cref="PerceiverAudioLoadingEstimator"/>.
    /// </summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="options">The settings.</param>
    /// <returns>An estimator that adds the column of samples.</returns>
    /// <exception cref="ArgumentException">A name is empty, or a setting out of range.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// // Two seconds of each file, with silence where it is shorter: vectors of one size, as other trainers want them.
    /// var mlContext = new MLContext();
    /// var files = mlContext.Data.LoadFromEnumerable([new { Path = "hello.wav" }]);
    /// var sounds = mlContext.Transforms.LoadPerceiverAudio(new PerceiverAudioLoadingOptions
    /// {
    ///     SampleRate = 8000,
    ///     MaxSeconds = 2,
    ///     PadToMaxSeconds = true,
    /// }).Fit(files).Transform(files);
    /// float[] samples = sounds.GetColumn<float[]>("Samples").Single();
    /// ]]></code>
    /// </example>
    public static PerceiverAudioLoadingEstimator LoadPerceiverAudio(
        this TransformsCatalog catalog, PerceiverAudioLoadingOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new PerceiverAudioLoadingEstimator(MlNetInternals.EnvironmentOf(catalog), options);
    }

    /// <summary>Makes log-mel frames of audio samples, for the trainers <c>PerceiverArray</c>; see
    /// <see cref="PerceiverLogMelEstimator"/>.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The column for the frames.</param>
    /// <param name="inputColumnName">The column with the samples, vectors of Single; null where the frames take its place.</param>
    /// <param name="sampleRate">Samples a second of the column.</param>
    /// <param name="bands">Numbers of a frame.</param>
    /// <returns>An estimator that adds the column of frames.</returns>
    /// <exception cref="ArgumentException">A name is empty, or a setting out of range.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// // Which of two sounds a file has.
    /// var mlContext = new MLContext(seed: 1);
    /// var files = mlContext.Data.LoadFromEnumerable(
    ///     [new { Path = "rain.wav", Label = "rain" }, new { Path = "wind.wav", Label = "wind" }]);
    /// using var model = mlContext.Transforms.Conversion.MapValueToKey("Label")
    ///     .Append(mlContext.Transforms.LoadPerceiverAudio("Samples", inputColumnName: "Path", maxSeconds: 5))
    ///     .Append(mlContext.Transforms.PerceiverLogMel("Features", "Samples", bands: 40))
    ///     .Append(mlContext.MulticlassClassification.Trainers.PerceiverArray(new PerceiverArrayClassificationOptions
    ///     {
    ///         Channels = 40,
    ///         MaxLength = 500,
    ///     }))
    ///     .Fit(files);
    /// ]]></code>
    /// </example>
    public static PerceiverLogMelEstimator PerceiverLogMel(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName = null,
        int sampleRate = 16_000,
        int bands = 40) =>
        catalog.PerceiverLogMel(new PerceiverLogMelOptions
        {
            OutputColumnName = outputColumnName,
            InputColumnName = inputColumnName ?? outputColumnName,
            SampleRate = sampleRate,
            Bands = bands,
        });

    /// <summary>Makes log-mel frames of audio samples, for the trainers <c>PerceiverArray</c>; see
    /// <see cref="PerceiverLogMelEstimator"/>.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="options">The settings.</param>
    /// <returns>An estimator that adds the column of frames.</returns>
    /// <exception cref="ArgumentException">A name is empty, or a setting out of range.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// // What does not depend on how loud a recording is.
    /// var mlContext = new MLContext();
    /// var sounds = mlContext.Data.LoadFromEnumerable([new { Samples = new float[16000] }]);
    /// var frames = mlContext.Transforms.PerceiverLogMel(new PerceiverLogMelOptions { SubtractMean = true }).Fit(sounds).Transform(sounds);
    /// Console.WriteLine($"{frames.GetColumn<float[]>("Features").Single().Length / 40} frames");
    /// ]]></code>
    /// </example>
    public static PerceiverLogMelEstimator PerceiverLogMel(this TransformsCatalog catalog, PerceiverLogMelOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new PerceiverLogMelEstimator(MlNetInternals.EnvironmentOf(catalog), options);
    }
}
