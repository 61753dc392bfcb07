namespace Microsoft.ML.Perceiver;

/// <summary>What the estimators of classification share: which problem it is, what they promise, and the rows they learn from.</summary>
/// <param name="options">The estimator's settings.</param>
/// <param name="trainedFor">The one problem that a trainer's catalog allows; null for any.</param>
internal sealed class ClassificationTask(IClassificationOptions options, PerceiverProblemType? trainedFor)
{
    /// <summary>The problem that a checkpoint was trained for.</summary>
    internal static PerceiverProblemType ProblemOf(PerceiverConfig config) =>
        ClassificationLoss.FromName(config.ProblemType) ?? (config.NumLabels == 1 ? PerceiverProblemType.Regression : PerceiverProblemType.SingleLabel);

    /// <summary>The columns that the estimator promises.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    internal IReadOnlyList<OutputColumn> Promise(SchemaShape inputSchema)
    {
        foreach (var input in options.Inputs)
            input.CheckIn(inputSchema);
        var problem = options.Training is null ? ProblemOf(options.Checkpoint!.Config) : Check(LabelReader.CheckIn(inputSchema, options.LabelColumnName));
        // The names and their number are known after training only; a shape does not tell them.
        var labels = options.Training is null ? LabelSet.FromNames(options.Checkpoint!.Config.LabelNames)
            : LabelSet.FromNames(problem == PerceiverProblemType.Regression ? ["Score"] : ["a", "b"]);
        return ClassificationColumns.OutputsOf(options.ScoreColumnName, options.PredictedLabelColumnName, problem, labels, options.Top);
    }

    /// <summary>The label column of the training data.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none, or of no type that can be learnt here.</exception>
    internal LabelReader Label(DataViewSchema schema)
    {
        var label = LabelReader.For(schema, options.LabelColumnName);
        Check(label.Problem);
        return label;
    }

    /// <summary>The configuration of a model that learns labels.</summary>
    internal static PerceiverConfig ConfigFor(PerceiverConfig config, LabelReader label) =>
        config.WithLabels(label.Labels.Names) with { ProblemType = ClassificationLoss.NameOf(label.Problem) };

    /// <summary>Reads the training and validation rows.</summary>
    /// <typeparam name="TInput">What is read of a row beside its label.</typeparam>
    /// <typeparam name="TExample">What becomes of it.</typeparam>
    /// <param name="data">The training data.</param>
    /// <param name="label">Its label column.</param>
    /// <param name="createReader">Makes the function that reads a row's inputs.</param>
    /// <param name="join">Puts an input and its label together.</param>
    /// <exception cref="InvalidOperationException">A row is at fault (its number is given), or there are none.</exception>
    internal (List<TExample> Training, List<TExample> Validation) Read<TInput, TExample>(
        IDataView data, LabelReader label, Func<DataViewRow, DataViewSchema.Column[], Func<TInput>> createReader, Func<TInput, float[], TExample> join)
    {
        List<TExample> Rows(IDataView view, LabelReader labels)
        {
            var columns = options.Inputs.Select(i => i.In(view.Schema)).ToArray();
            return TrainingRows.Read<TExample>(view, [.. columns, view.Schema[options.LabelColumnName]], row =>
            {
                var input = createReader(row, columns);
                var readLabel = labels.CreateReader(row);
                return () => join(input(), readLabel());
            });
        }

        var training = options.Training!;
        var rows = Rows(data, label);
        var (train, validation) = options.ValidationSet is { } set
            ? (rows, Rows(set, ValidationLabel(set, options.LabelColumnName, label)))
            : TrainingRows.Split(rows, training.ValidationFraction, training.Seed);
        return train.Count > 0 ? (train, validation) : throw new InvalidOperationException("The training data has no rows.");
    }

    /// <summary>The label column of a validation set. One with other labels, or in another order, would be scored against the wrong ones without a word.</summary>
    /// <exception cref="ArgumentException">It has other labels than the training data's.</exception>
    internal static LabelReader ValidationLabel(IDataView set, string column, LabelReader training)
    {
        var label = LabelReader.For(set.Schema, column);
        return label.Problem == training.Problem && label.Labels.Names.SequenceEqual(training.Labels.Names)
            ? label
            : throw new ArgumentException($"The label column '{column}' of the validation set has other labels than the training data's; map both with the same transformer.", nameof(set));
    }

    private PerceiverProblemType Check(PerceiverProblemType problem) =>
        trainedFor is null || problem == trainedFor
            ? problem
            : throw StageErrors.Mistyped(options.LabelColumnName, trainedFor == PerceiverProblemType.Regression ? "a Single (regression)" : "a key (classes)", $"that of {problem}");
}
