using Microsoft.ML.AutoML;

namespace Microsoft.ML.Perceiver;

/// <summary>The rows of an experiment, as its <c>SetDataset</c> was told.</summary>
internal sealed class TrialData(IDatasetManager dataset)
{
    /// <summary>The rows to train on and those to evaluate with; several pairs for a cross-validation.</summary>
    /// <param name="context">The trial's context.</param>
    /// <param name="settings">The trial's settings, which may say that it takes a part of the rows.</param>
    /// <exception cref="InvalidOperationException">It is data of an unknown kind.</exception>
    internal IEnumerable<(IDataView Train, IDataView Validation)> Folds(MLContext context, TrialSettings settings) => dataset switch
    {
        ITrainValidateDatasetManager rows => [(rows.LoadTrainDataset(context, settings), rows.LoadValidateDataset(context, settings))],
        ICrossValidateDatasetManager rows => context.Data
            .CrossValidationSplit(rows.Dataset, rows.Fold, rows.SamplingKeyColumnName)
            .Select(f => (f.TrainSet, f.TestSet)),
        _ => throw new InvalidOperationException(
            $"{dataset.GetType().Name} gives neither training and validation rows nor rows to cross-validate."),
    };
}
