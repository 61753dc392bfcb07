using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Perceiver;

namespace AudioClassification;

public partial class MyModel
{
    /// <summary>Samples a second, numbers of a frame, and milliseconds between two frames.</summary>
    internal const int SampleRate = 8000, Bands = 40, FrameMilliseconds = 20;

    /// <summary>How much of a recording the model reads.</summary>
    internal const double Seconds = 2;

    /// <summary>The part of the pipeline that reads files.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="seconds">How much of each.</param>
    public static PerceiverAudioLoadingEstimator BuildLoader(MLContext mlContext, double seconds = Seconds) =>
        mlContext.Transforms.LoadPerceiverAudio("Samples", inputColumnName: "Path", sampleRate: SampleRate, maxSeconds: seconds);

    /// <summary>The part of the pipeline that makes frames of samples.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    public static PerceiverLogMelEstimator BuildFrames(MLContext mlContext) =>
        mlContext.Transforms.PerceiverLogMel(new PerceiverLogMelOptions
        {
            SampleRate = SampleRate,
            WindowLength = SampleRate * 32 / 1000,
            HopLength = SampleRate * FrameMilliseconds / 1000,
            Bands = Bands,
        });

    /// <summary>The trainer.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="training">How the Perceiver is trained.</param>
    /// <param name="validationSet">Rows that the best epoch is chosen by.</param>
    public static PerceiverArrayClassificationEstimator BuildTrainer(
        MLContext mlContext, PerceiverTrainingOptions training, IDataView? validationSet = null) =>
        mlContext.MulticlassClassification.Trainers.PerceiverArray(new PerceiverArrayClassificationOptions
        {
            Channels = Bands,
            MaxLength = (int)(Seconds * 1000 / FrameMilliseconds),
            Patch = [2],
            Training = training,
            ValidationSet = validationSet,
        });

    /// <summary>Trains on samples, and makes a model that reads files.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="training">How the Perceiver is trained.</param>
    /// <param name="train">Rows with samples.</param>
    /// <param name="validation">Rows with samples that the best epoch is chosen by.</param>
    /// <param name="files">Rows with the paths of files, for their columns.</param>
    /// <returns>The model of files, and that part of it which reads samples.</returns>
    internal static (ITransformer Files, ITransformer Samples) Train(
        MLContext mlContext, PerceiverTrainingOptions training, IDataView train, IDataView validation, IDataView files)
    {
        var frames = mlContext.Transforms.Conversion.MapValueToKey("Label").Append(BuildFrames(mlContext)).Fit(train);
        var trained = BuildTrainer(mlContext, training, frames.Transform(validation)).Fit(frames.Transform(train));
        var scored = trained.Transform(frames.Transform(train));
        var names = mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(scored);
        var samples = frames.Append(trained).Append(names);
        return (new TransformerChain<ITransformer>(BuildLoader(mlContext).Fit(files), samples), samples);
    }
}
