using Microsoft.ML.AutoML;
using Microsoft.ML.Perceiver;
using Microsoft.ML.SearchSpace;

namespace Microsoft.ML;

/// <summary>Perceivers for <c>mlContext.Auto()</c>: estimators whose settings a search chooses.</summary>
public static class PerceiverAutoCatalog
{
    /// <summary>
    /// A text classifier whose settings a search chooses from the default space, <see cref="PerceiverTextSearchOptions"/>.
    /// </summary>
    /// <param name="auto">The catalog of AutoML.</param>
    /// <param name="labelColumnName">The column with the class, a key.</param>
    /// <param name="textColumnName">The column with the text.</param>
    /// <param name="secondTextColumnName">The column with a second text; null for none.</param>
    /// <returns>The estimator, to be put into the pipeline of an experiment.</returns>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// var mlContext = new MLContext(seed: 1);
    /// var messages = mlContext.Data.LoadFromEnumerable(
    ///     [new { Label = "ham", Text = "See you at 7" }, new { Label = "spam", Text = "You won" }]);
    /// var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label").Append(mlContext.Auto().PerceiverText());
    /// var experiment = mlContext.Auto().CreateExperiment()
    ///     .SetPipeline(pipeline)
    ///     .SetDataset(mlContext.Data.TrainTestSplit(messages))
    ///     .SetMulticlassClassificationMetric(MulticlassClassificationMetric.MicroAccuracy, labelColumn: "Label")
    ///     .SetTrainingTimeInSeconds(600)
    ///     .SetPerceiverTrialRunner();
    /// ]]></code>
    /// </example>
    public static SweepableEstimator PerceiverText(
        this AutoCatalog auto, string labelColumnName = "Label", string textColumnName = "Text", string? secondTextColumnName = null) =>
        auto.PerceiverText(new SearchSpace<PerceiverTextSearchOptions>(new PerceiverTextSearchOptions
        {
            LabelColumnName = labelColumnName,
            TextColumnName = textColumnName,
            SecondTextColumnName = secondTextColumnName,
        }));

    /// <summary>A text classifier whose settings a search chooses.</summary>
    /// <param name="auto">The catalog of AutoML.</param>
    /// <param name="searchSpace">What it chooses from; the options that the space was made of name the columns.</param>
    /// <returns>The estimator, to be put into the pipeline of an experiment.</returns>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// // A smaller search space: Size and Epochs are set, the rest is searched.
    /// var mlContext = new MLContext(seed: 1);
    /// var space = new SearchSpace<PerceiverTextSearchOptions>();
    /// space.Remove(nameof(PerceiverTextSearchOptions.Size));
    /// space.Remove(nameof(PerceiverTextSearchOptions.Epochs));
    /// var trainer = mlContext.Auto().PerceiverText(space);
    /// ]]></code>
    /// </example>
    public static SweepableEstimator PerceiverText(this AutoCatalog auto, SearchSpace<PerceiverTextSearchOptions> searchSpace)
    {
        ArgumentNullException.ThrowIfNull(auto);
        ArgumentNullException.ThrowIfNull(searchSpace);
        return auto.CreateSweepableEstimator(
            (context, options) => context.MulticlassClassification.Trainers.PerceiverText(options), searchSpace);
    }

    /// <summary>
    /// An image classifier whose settings a search chooses from the default space, <see cref="PerceiverImageSearchOptions"/>.
    /// </summary>
    /// <param name="auto">The catalog of AutoML.</param>
    /// <param name="labelColumnName">The column with the class, a key.</param>
    /// <param name="imageColumnName">The column with the image: an MLImage, or its pixels as a vector.</param>
    /// <returns>The estimator, to be put into the pipeline of an experiment.</returns>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// var mlContext = new MLContext(seed: 1);
    /// var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label")
    ///     .Append(mlContext.Transforms.LoadPerceiverImages("Image", inputColumnName: "Path"))
    ///     .Append(mlContext.Auto().PerceiverImage());
    /// ]]></code>
    /// </example>
    public static SweepableEstimator PerceiverImage(
        this AutoCatalog auto, string labelColumnName = "Label", string imageColumnName = "Image") =>
        auto.PerceiverImage(new SearchSpace<PerceiverImageSearchOptions>(new PerceiverImageSearchOptions
        {
            LabelColumnName = labelColumnName,
            ImageColumnName = imageColumnName,
        }));

    /// <summary>An image classifier whose settings a search chooses.</summary>
    /// <param name="auto">The catalog of AutoML.</param>
    /// <param name="searchSpace">What it chooses from; the options that the space was made of name the columns.</param>
    /// <returns>The estimator, to be put into the pipeline of an experiment.</returns>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// var mlContext = new MLContext(seed: 1);
    /// var space = new SearchSpace<PerceiverImageSearchOptions>(new PerceiverImageSearchOptions { LabelColumnName = "Kind" });
    /// var trainer = mlContext.Auto().PerceiverImage(space);
    /// ]]></code>
    /// </example>
    public static SweepableEstimator PerceiverImage(this AutoCatalog auto, SearchSpace<PerceiverImageSearchOptions> searchSpace)
    {
        ArgumentNullException.ThrowIfNull(auto);
        ArgumentNullException.ThrowIfNull(searchSpace);
        return auto.CreateSweepableEstimator(
            (context, options) => context.MulticlassClassification.Trainers.PerceiverImage(options), searchSpace);
    }
}
