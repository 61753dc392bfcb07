using Microsoft.ML.Data;
using Microsoft.ML.Perceiver;

namespace Microsoft.ML;

// Frames, and videos with their audio.
public static partial class PerceiverCatalog
{
    /// <summary>Finds how the pixels of a frame move to the next one.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="checkpoint">The weights of a model of optical flow.</param>
    /// <param name="outputColumnName">The column for the flow, height x width x 2.</param>
    /// <param name="firstImageColumnName">The column with the first frame, an MLImage of any size.</param>
    /// <param name="secondImageColumnName">The column with the second frame, of the same size.</param>
    /// <param name="flowImageColumnName">The column for an image of the flow; null for none.</param>
    /// <returns>An estimator that adds the flow, its height and width, and an image of it where that is named.</returns>
    /// <exception cref="ArgumentException">A name is empty.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// var mlContext = new MLContext();
    /// var frames = mlContext.Data.LoadFromEnumerable([new { First = "frame10.png", Second = "frame11.png" }]);
    /// var model = mlContext.Transforms.LoadPerceiverImages("FirstImage", inputColumnName: "First")
    ///     .Append(mlContext.Transforms.LoadPerceiverImages("SecondImage", inputColumnName: "Second"))
    ///     .Append(mlContext.Transforms.PerceiverOpticalFlow(
    ///         PerceiverCheckpoint.Bundled(BundledModels.MiniFlow), flowImageColumnName: "FlowImage"))
    ///     .Fit(frames);
    /// using var image = model.Transform(frames).GetColumn<MLImage>("FlowImage").Single();
    /// image.Save("flow.png");
    /// ]]></code>
    /// </example>
    public static PerceiverOpticalFlowEstimator PerceiverOpticalFlow(
        this TransformsCatalog catalog,
        PerceiverCheckpoint checkpoint,
        string outputColumnName = "Flow",
        string firstImageColumnName = "FirstImage",
        string secondImageColumnName = "SecondImage",
        string? flowImageColumnName = null) =>
        catalog.PerceiverOpticalFlow(new PerceiverOpticalFlowOptions
        {
            Checkpoint = checkpoint,
            FlowColumnName = outputColumnName,
            FirstImageColumnName = firstImageColumnName,
            SecondImageColumnName = secondImageColumnName,
            FlowImageColumnName = flowImageColumnName,
        });

    /// <summary>Finds how the pixels of a frame move to the next one, and trains a model for it.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="options">The settings.</param>
    /// <returns>An estimator that adds the flow, its height and width, and an image of it where that is named.</returns>
    /// <exception cref="ArgumentException">A setting is out of range, or there is neither a checkpoint nor training.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// // Larger motions: the frames are also compared at half and at a quarter of their size.
    /// var mlContext = new MLContext();
    /// var frames = mlContext.Data.LoadFromEnumerable([new { First = "frame10.png", Second = "frame11.png" }]);
    /// var model = mlContext.Transforms.LoadPerceiverImages("FirstImage", inputColumnName: "First")
    ///     .Append(mlContext.Transforms.LoadPerceiverImages("SecondImage", inputColumnName: "Second"))
    ///     .Append(mlContext.Transforms.PerceiverOpticalFlow(new PerceiverOpticalFlowOptions
    ///     {
    ///         Checkpoint = PerceiverCheckpoint.Bundled(BundledModels.MiniFlow),
    ///         Flow = new PerceiverOpticalFlowPredictorOptions { PyramidLevels = 3 },
    ///     }))
    ///     .Fit(frames);
    /// ]]></code>
    /// </example>
    public static PerceiverOpticalFlowEstimator PerceiverOpticalFlow(this TransformsCatalog catalog, PerceiverOpticalFlowOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new PerceiverOpticalFlowEstimator(MlNetInternals.EnvironmentOf(catalog), options);
    }

    /// <summary>Compares flow with the true one: the end-point error and the share of outliers, for each row and in all.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="data">
    /// Data with both flows, such as a transformer of <see cref="PerceiverOpticalFlow(TransformsCatalog, PerceiverOpticalFlowOptions)"/>
    /// gives.
    /// </param>
    /// <param name="labelColumnName">The column with the true flow, not a number where a motion is unknown.</param>
    /// <param name="flowColumnName">The column with the flow.</param>
    /// <param name="heightColumnName">The column with its height.</param>
    /// <param name="widthColumnName">The column with its width.</param>
    /// <returns>The metrics of each row, and those of all rows together.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    /// <exception cref="InvalidOperationException">The flows of a row differ in size; its number is given.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// var mlContext = new MLContext(seed: 1);
    /// MLImage[] photographs = [MLImage.CreateFromFile("photograph.jpg")];
    /// var frames = mlContext.Data.GenerateOpticalFlow(photographs, rows: 10);
    /// using var model = mlContext.Transforms.PerceiverOpticalFlow(PerceiverCheckpoint.Bundled(BundledModels.MiniFlow)).Fit(frames);
    /// var evaluation = mlContext.Transforms.EvaluateOpticalFlow(model.Transform(frames));
    /// Console.WriteLine($"mean end-point error: {evaluation.Total.EndPointError:f2} pixels");
    /// ]]></code>
    /// </example>
    public static PerceiverOpticalFlowEvaluation EvaluateOpticalFlow(
        this TransformsCatalog catalog,
        IDataView data,
        string labelColumnName = "Label",
        string flowColumnName = "Flow",
        string heightColumnName = "FlowHeight",
        string widthColumnName = "FlowWidth")
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        return PerceiverOpticalFlowEvaluation.Of(data, labelColumnName, flowColumnName, heightColumnName, widthColumnName);
    }

    /// <summary>
    /// Makes pairs of frames with exact flow to train on, in the columns FirstImage, SecondImage and Label, and each row's number in
    /// Number. They are made when they are read, the same each time, and never kept; a training makes them again from their numbers, also
    /// where other transforms took or filtered rows, or added columns. (ML.NET's own Cache and ShuffleRows drop columns of images.)
    /// </summary>
    /// <param name="catalog">The catalog of data.</param>
    /// <param name="photographs">What the frames are made of; they are copied.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="options">Sizes and motions; null for the defaults.</param>
    /// <param name="start">The number of the first row, for other data of the same seed.</param>
    /// <returns>The rows, which are made when they are read.</returns>
    /// <exception cref="ArgumentException">There is no photograph, or a number is out of range.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// // Frames of 48 x 64 pixels to train on; the same ones whenever they are read.
    /// var mlContext = new MLContext(seed: 1);
    /// MLImage[] photographs = [MLImage.CreateFromFile("photograph.jpg")];
    /// var frames = mlContext.Data.GenerateOpticalFlow(
    ///     photographs, rows: 1000, new PerceiverFlowGeneratorOptions { Height = 48, Width = 64 });
    /// using var model = mlContext.Transforms.PerceiverOpticalFlow(new PerceiverOpticalFlowOptions
    /// {
    ///     Checkpoint = PerceiverCheckpoint.Bundled(BundledModels.MiniFlow),
    ///     Training = new PerceiverTrainingOptions { Epochs = 1, LearningRate = 1e-4 },
    /// }).Fit(frames);
    /// ]]></code>
    /// </example>
    public static IDataView GenerateOpticalFlow(
        this DataOperationsCatalog catalog,
        IEnumerable<MLImage> photographs,
        int rows,
        PerceiverFlowGeneratorOptions? options = null,
        long start = 0)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(photographs);
        var generator = new PerceiverFlowGenerator([.. photographs.Select(p => p.ToPerceiverImage())], options);
        return new GeneratedFlowDataView(generator, rows, start);
    }

    /// <summary>Gives videos and their audio back through a trained autoencoder, and classifies them.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="checkpoint">The weights, with the labels in their configuration.</param>
    /// <param name="framesColumnName">The column with the video: frames x 3 x height x width as a vector, from 0 to 255.</param>
    /// <param name="audioColumnName">The column with the audio: a vector of samples.</param>
    /// <param name="reconstructedFramesColumnName">The column for the video as it comes out.</param>
    /// <param name="reconstructedAudioColumnName">The column for the audio as it comes out.</param>
    /// <param name="scoreColumnName">The column for the labels' probabilities.</param>
    /// <param name="predictedLabelColumnName">The column for the label.</param>
    /// <returns>An estimator that adds the reconstructed frames and audio, the probabilities and the most probable label.</returns>
    /// <exception cref="ArgumentException">A name is empty.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// // Sixteen frames of 64 x 64 pixels, frames x 3 x height x width, and 640 samples of audio for each.
    /// var mlContext = new MLContext();
    /// var clips = mlContext.Data.LoadFromEnumerable([new Clip()]);
    /// using var model = mlContext.Transforms.PerceiverMultimodal(PerceiverCheckpoint.Bundled(BundledModels.MiniVideo)).Fit(clips);
    /// float[] frames = model.Transform(clips).GetColumn<float[]>("ReconstructedFrames").Single();
    ///
    /// class Clip
    /// {
    ///     [VectorType(16 * 3 * 64 * 64)] public byte[] Frames { get; set; } = new byte[16 * 3 * 64 * 64];
    ///     [VectorType(16 * 640)] public float[] Audio { get; set; } = new float[16 * 640];
    /// }
    /// ]]></code>
    /// </example>
    public static PerceiverMultimodalEstimator PerceiverMultimodal(
        this TransformsCatalog catalog,
        PerceiverCheckpoint checkpoint,
        string framesColumnName = "Frames",
        string audioColumnName = "Audio",
        string reconstructedFramesColumnName = "ReconstructedFrames",
        string reconstructedAudioColumnName = "ReconstructedAudio",
        string scoreColumnName = "Score",
        string predictedLabelColumnName = "PredictedLabel") =>
        catalog.PerceiverMultimodal(new PerceiverMultimodalOptions
        {
            Checkpoint = checkpoint,
            FramesColumnName = framesColumnName,
            AudioColumnName = audioColumnName,
            ReconstructedFramesColumnName = reconstructedFramesColumnName,
            ReconstructedAudioColumnName = reconstructedAudioColumnName,
            ScoreColumnName = scoreColumnName,
            PredictedLabelColumnName = predictedLabelColumnName,
        });

    /// <summary>Gives videos and their audio back through an autoencoder, and classifies them; and trains one.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="options">The settings.</param>
    /// <returns>An estimator that adds the reconstructed frames and audio, the probabilities and the most probable label.</returns>
    /// <exception cref="ArgumentException">A setting is out of range, or there is no checkpoint.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// // Trains the autoencoder further on clips of one's own; the loss weighs the image more than the audio.
    /// var mlContext = new MLContext(seed: 1);
    /// var autoencoder = mlContext.Transforms.PerceiverMultimodal(new PerceiverMultimodalOptions
    /// {
    ///     Checkpoint = PerceiverCheckpoint.Bundled(BundledModels.MiniVideo),
    ///     Training = new PerceiverTrainingOptions { Epochs = 2, BatchSize = 4, LearningRate = 1e-4 },
    ///     Autoencoding = new PerceiverAutoencodingOptions { Weights = new PerceiverAutoencodingWeights(Image: 1, Audio: 0.5) },
    /// });
    /// ]]></code>
    /// </example>
    public static PerceiverMultimodalEstimator PerceiverMultimodal(this TransformsCatalog catalog, PerceiverMultimodalOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new PerceiverMultimodalEstimator(MlNetInternals.EnvironmentOf(catalog), options);
    }
}
