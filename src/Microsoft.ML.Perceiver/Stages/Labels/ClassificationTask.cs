namespace Microsoft.ML.Perceiver;

/// <summary>What the estimators of classification share: which problem it is, the columns they add, and the rows they learn from.</summary>
/// <typeparam name="TOptions">The estimator's settings.</typeparam>
/// <param name="options">The estimator's settings.</param>
/// <param name="trainedFor">The one kind of labels that a trainer's catalog allows; null for any.</param>
internal sealed class ClassificationTask<TOptions>(TOptions options, LabelKind? trainedFor)
    where TOptions : PerceiverOptions, IClassificationOptions
{
    /// <summary>The columns that the estimator adds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The label column is missing or has the wrong type.</exception>
    internal IReadOnlyList<OutputColumn> OutputsFor(SchemaShape inputSchema)
    {
        if (options.Training is null)
        {
            var config = options.Checkpoint!.Config;
            return ClassificationColumns.Of(options, ClassificationTask.ProblemOf(config), LabelSet.Of(config));
        }

        var kind = LabelReader.CheckIn(inputSchema, options.LabelColumnName, trainedFor);
        var labels = kind == LabelKind.Number ? LabelSet.FromNames(["Score"]) : LabelSet.Unknown;
        return ClassificationColumns.Of(options, kind.ToProblem(), labels, kind == LabelKind.Truth);
    }

    /// <summary>What the model is fitted for.</summary>
    /// <param name="schema">The schema of the training data.</param>
    /// <param name="config">The checkpoint's configuration.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no label column, or one of no type that can be learnt here.</exception>
    internal ClassificationTarget TargetIn(DataViewSchema schema, PerceiverConfig config)
    {
        if (options.Training is null)
            return ClassificationTarget.Of(null, config);
        return ClassificationTarget.Of(LabelReader.For(schema, options.LabelColumnName, trainedFor), config);
    }

    /// <summary>Reads the training and validation rows.</summary>
    /// <typeparam name="TInput">What is read of a row beside its label.</typeparam>
    /// <typeparam name="TExample">What becomes of it.</typeparam>
    /// <param name="data">The training data.</param>
    /// <param name="label">Its label column.</param>
    /// <param name="createReader">Makes the function that reads a row's inputs.</param>
    /// <param name="join">Puts an input and its label together.</param>
    /// <exception cref="InvalidOperationException">A row is at fault (its number is given), or there are none.</exception>
    internal (List<TExample> Training, List<TExample> Validation) Read<TInput, TExample>(
        IDataView data,
        LabelReader label,
        Func<DataViewRow, DataViewSchema.Column[], Func<TInput>> createReader,
        Func<TInput, float[], TExample> join)
    {
        return TrainingRows.ReadAndSplit(data, options, view =>
        {
            var labels = view == data ? label : ClassificationTask.ValidationLabel(view, options.LabelColumnName, label);
            var columns = options.Inputs.Select(i => i.In(view.Schema)).ToArray();
            return TrainingRows.Read<TExample>(view, [.. columns, view.Schema[options.LabelColumnName]], row =>
            {
                var input = createReader(row, columns);
                var readLabel = labels.CreateReader(row);
                return () => join(input(), readLabel());
            });
        });
    }
}

/// <summary>What configurations and label columns say of a problem.</summary>
internal static class ClassificationTask
{
    /// <summary>The problem that a checkpoint was trained for.</summary>
    internal static PerceiverProblemType ProblemOf(PerceiverConfig config) =>
        ClassificationLoss.FromName(config.ProblemType)
        ?? (config.NumLabels == 1 ? PerceiverProblemType.Regression : PerceiverProblemType.SingleLabel);

    /// <summary>The configuration of a model that learns labels.</summary>
    internal static PerceiverConfig ConfigFor(PerceiverConfig config, LabelReader label)
    {
        var labelled = config.WithLabels(label.Labels.Names) with { ProblemType = ClassificationLoss.NameOf(label.Problem) };
        return label.Problem == PerceiverProblemType.Regression && ProblemOf(config) == PerceiverProblemType.Regression
            ? labelled
            : labelled with { LabelMeans = null, LabelDeviations = null };
    }

    /// <summary>The label column of a validation set.</summary>
    /// <exception cref="ArgumentException">It has other labels than the training data's.</exception>
    internal static LabelReader ValidationLabel(IDataView set, string column, LabelReader training)
    {
        var label = LabelReader.For(set.Schema, column);
        training.Labels.RequireSame(label.Kind == training.Kind ? label.Labels : null, column);
        return label;
    }
}
