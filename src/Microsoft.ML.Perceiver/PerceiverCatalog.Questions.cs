using Microsoft.ML.Perceiver;

namespace Microsoft.ML;

/// <summary>What concerns questions and their answers.</summary>
public static partial class PerceiverCatalog
{
    /// <summary>Finds the answers to questions in their contexts with a trained Perceiver.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="checkpoint">The weights of a <see cref="PerceiverForQuestionAnswering"/>.</param>
    /// <param name="contextColumnName">The column with the context.</param>
    /// <param name="questionColumnName">The column with the question.</param>
    /// <param name="predictedAnswerColumnName">The column for the answers.</param>
    /// <param name="scoreColumnName">The column for their probabilities.</param>
    /// <param name="topK">How many answers a row gets.</param>
    /// <returns>An estimator that adds the likeliest answers and their probabilities.</returns>
    /// <exception cref="ArgumentException">A name is empty, or a setting out of range.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// // Answers by a model that SavePretrained wrote to a folder.
    /// var mlContext = new MLContext();
    /// var rows = mlContext.Data.LoadFromEnumerable([new { Context = "The train leaves at noon.", Question = "When does it leave?" }]);
    /// using var model = mlContext.Transforms.PerceiverQuestionAnswering(PerceiverCheckpoint.FromDirectory("answers")).Fit(rows);
    /// string[] answers = model.Transform(rows).GetColumn<string[]>("PredictedAnswer").Single();
    /// ]]></code>
    /// </example>
    public static PerceiverQuestionAnsweringEstimator PerceiverQuestionAnswering(
        this TransformsCatalog catalog,
        PerceiverCheckpoint checkpoint,
        string contextColumnName = "Context",
        string questionColumnName = "Question",
        string predictedAnswerColumnName = "PredictedAnswer",
        string scoreColumnName = "Score",
        int topK = 3) =>
        catalog.PerceiverQuestionAnswering(new PerceiverQuestionAnsweringOptions
        {
            Checkpoint = checkpoint,
            TextColumnName = contextColumnName,
            QuestionColumnName = questionColumnName,
            PredictedAnswerColumnName = predictedAnswerColumnName,
            ScoreColumnName = scoreColumnName,
            TopK = topK,
        });

    /// <summary>Finds the answers to questions in their contexts with a Perceiver.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="options">The settings.</param>
    /// <returns>An estimator that adds the likeliest answers and their probabilities.</returns>
    /// <exception cref="ArgumentException">A setting is out of range, or there is neither a checkpoint nor training.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// var mlContext = new MLContext();
    /// var rows = mlContext.Data.LoadFromEnumerable([new { Context = "The train leaves at noon.", Question = "When does it leave?" }]);
    /// using var model = mlContext.Transforms.PerceiverQuestionAnswering(new PerceiverQuestionAnsweringOptions
    /// {
    ///     Checkpoint = PerceiverCheckpoint.FromDirectory("answers"),
    ///     MaxAnswerLength = 64,
    /// }).Fit(rows);
    /// ]]></code>
    /// </example>
    public static PerceiverQuestionAnsweringEstimator PerceiverQuestionAnswering(
        this TransformsCatalog catalog, PerceiverQuestionAnsweringOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new PerceiverQuestionAnsweringEstimator(MlNetInternals.EnvironmentOf(catalog), options);
    }

    /// <summary>Learns to find answers in contexts; the columns are those of ML.NET's <c>QuestionAnswer</c> trainer.</summary>
    /// <param name="trainers">The trainers of multiclass classification.</param>
    /// <param name="contextColumnName">The column with the context.</param>
    /// <param name="questionColumnName">The column with the question.</param>
    /// <param name="trainingAnswerColumnName">The column with the right answer, a part of the context.</param>
    /// <param name="answerIndexColumnName">The column with the answer's first character in the context, counted from 0.</param>
    /// <param name="checkpoint">The weights to start from; null for random ones of <see cref="PerceiverPresets.SmallText"/>.</param>
    /// <param name="training">How to train; null for the defaults.</param>
    /// <param name="validationSet">Rows to choose the best epoch by; null sets a share of the training rows aside.</param>
    /// <returns>An estimator whose <c>Fit</c> trains a model; its transformer adds answers and their probabilities.</returns>
    /// <exception cref="ArgumentException">A name is empty, or a setting out of range.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// var mlContext = new MLContext(seed: 1);
    /// var rows = mlContext.Data.LoadFromEnumerable(
    /// [
    ///     new { Context = "The train leaves at noon.", Question = "When does it leave?", TrainingAnswer = "noon", AnswerIndex = 20 },
    ///     new { Context = "It stops in York.", Question = "Where does it stop?", TrainingAnswer = "York", AnswerIndex = 12 },
    /// ]);
    /// using var model = mlContext.MulticlassClassification.Trainers.PerceiverQuestionAnswer().Fit(rows);
    /// ]]></code>
    /// </example>
    public static PerceiverQuestionAnsweringEstimator PerceiverQuestionAnswer(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers trainers,
        string contextColumnName = "Context",
        string questionColumnName = "Question",
        string trainingAnswerColumnName = "TrainingAnswer",
        string answerIndexColumnName = "AnswerIndex",
        PerceiverCheckpoint? checkpoint = null,
        PerceiverTrainingOptions? training = null,
        IDataView? validationSet = null) =>
        trainers.PerceiverQuestionAnswer(new PerceiverQuestionAnsweringOptions
        {
            TextColumnName = contextColumnName,
            QuestionColumnName = questionColumnName,
            LabelColumnName = trainingAnswerColumnName,
            AnswerIndexColumnName = answerIndexColumnName,
            Checkpoint = checkpoint,
            Training = training,
            ValidationSet = validationSet,
        });

    /// <summary>Learns to find answers in contexts.</summary>
    /// <param name="trainers">The trainers of multiclass classification.</param>
    /// <param name="options">The settings; training with the defaults where they name none.</param>
    /// <returns>An estimator whose <c>Fit</c> trains a model; its transformer adds answers and their probabilities.</returns>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// var mlContext = new MLContext(seed: 1);
    /// var trainer = mlContext.MulticlassClassification.Trainers.PerceiverQuestionAnswer(new PerceiverQuestionAnsweringOptions
    /// {
    ///     Checkpoint = PerceiverCheckpoint.Bundled(BundledModels.MiniLanguage),
    ///     Training = new PerceiverTrainingOptions { Epochs = 4, LearningRate = 5e-4 },
    /// });
    /// ]]></code>
    /// </example>
    public static PerceiverQuestionAnsweringEstimator PerceiverQuestionAnswer(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers trainers, PerceiverQuestionAnsweringOptions options)
    {
        ArgumentNullException.ThrowIfNull(trainers);
        return new PerceiverQuestionAnsweringEstimator(MlNetInternals.EnvironmentOf(trainers), options, new PerceiverTrainingOptions());
    }

    /// <summary>Evaluates answers: the share that is right, and F1 of their words.</summary>
    /// <param name="catalog">The catalog of multiclass classification.</param>
    /// <param name="data">Rows with right answers and predicted ones.</param>
    /// <param name="labelColumnName">The column with the right answer.</param>
    /// <param name="predictedAnswerColumnName">The column with the predicted answers, of which the first counts.</param>
    /// <returns>The metrics.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    /// <exception cref="InvalidOperationException">There are no rows.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// var mlContext = new MLContext();
    /// var answered = mlContext.Data.LoadFromEnumerable([new { TrainingAnswer = "at noon", PredictedAnswer = "noon" }]);
    /// var metrics = mlContext.MulticlassClassification.EvaluateQuestionAnswer(answered);
    /// Console.WriteLine($"exact {metrics.ExactMatch:p1}, F1 {metrics.F1:p1}");
    /// ]]></code>
    /// </example>
    public static PerceiverQuestionAnsweringMetrics EvaluateQuestionAnswer(
        this MulticlassClassificationCatalog catalog,
        IDataView data,
        string labelColumnName = "TrainingAnswer",
        string predictedAnswerColumnName = "PredictedAnswer")
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        return PerceiverQuestionAnsweringMetrics.Of(data, labelColumnName, predictedAnswerColumnName);
    }
}
