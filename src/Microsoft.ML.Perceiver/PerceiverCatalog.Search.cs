using Microsoft.ML.Perceiver;

namespace Microsoft.ML;

// Trainers from the flat options of a search, for ML.NET's CreateSweepableEstimator.
public static partial class PerceiverCatalog
{
    /// <summary>Learns to classify texts, as one trial of a search.</summary>
    /// <param name="trainers">The trainers of multiclass classification.</param>
    /// <param name="options">What the search has chosen.</param>
    /// <returns>An estimator whose <c>Fit</c> trains a model with these settings.</returns>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// var mlContext = new MLContext(seed: 1);
    /// var trainer = mlContext.MulticlassClassification.Trainers.PerceiverText(
    ///     new PerceiverTextSearchOptions { Size = PerceiverModelSize.Tiny, Epochs = 8, LearningRate = 2e-3 });
    /// ]]></code>
    /// </example>
    public static PerceiverTextClassificationEstimator PerceiverText(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers trainers, PerceiverTextSearchOptions options)
    {
        ArgumentNullException.ThrowIfNull(trainers);
        ArgumentNullException.ThrowIfNull(options);
        var trainer = options.ToTrainerOptions();
        trainer.Training = PerceiverTrialScope.Apply(MlNetInternals.EnvironmentOf(trainers), trainer.Training!);
        return trainers.PerceiverText(trainer);
    }

    /// <summary>Learns to give texts a number, as one trial of a search. What is for classes alone is left out.</summary>
    /// <param name="trainers">The trainers of regression.</param>
    /// <param name="options">What the search has chosen.</param>
    /// <returns>An estimator whose <c>Fit</c> trains a model with these settings.</returns>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// var mlContext = new MLContext(seed: 1);
    /// var trainer = mlContext.Regression.Trainers.PerceiverText(
    ///     new PerceiverTextSearchOptions { Size = PerceiverModelSize.Tiny, Epochs = 8 });
    /// ]]></code>
    /// </example>
    public static PerceiverTextClassificationEstimator PerceiverText(
        this RegressionCatalog.RegressionTrainers trainers, PerceiverTextSearchOptions options)
    {
        ArgumentNullException.ThrowIfNull(trainers);
        ArgumentNullException.ThrowIfNull(options);
        var trainer = options.ToTrainerOptions();
        var training = trainer.Training! with { LabelSmoothing = 0, BalanceClasses = false };
        trainer.Training = PerceiverTrialScope.Apply(MlNetInternals.EnvironmentOf(trainers), training);
        return trainers.PerceiverText(trainer);
    }

    /// <summary>Learns to classify images, as one trial of a search.</summary>
    /// <param name="trainers">The trainers of multiclass classification.</param>
    /// <param name="options">What the search has chosen.</param>
    /// <returns>An estimator whose <c>Fit</c> trains a model with these settings.</returns>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// var mlContext = new MLContext(seed: 1);
    /// var trainer = mlContext.MulticlassClassification.Trainers.PerceiverImage(
    ///     new PerceiverImageSearchOptions { Size = PerceiverModelSize.Tiny, Epochs = 8, HorizontalFlip = true });
    /// ]]></code>
    /// </example>
    public static PerceiverImageClassificationEstimator PerceiverImage(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers trainers, PerceiverImageSearchOptions options)
    {
        ArgumentNullException.ThrowIfNull(trainers);
        ArgumentNullException.ThrowIfNull(options);
        var trainer = options.ToTrainerOptions();
        trainer.Training = PerceiverTrialScope.Apply(MlNetInternals.EnvironmentOf(trainers), trainer.Training!);
        return trainers.PerceiverImage(trainer);
    }
}
