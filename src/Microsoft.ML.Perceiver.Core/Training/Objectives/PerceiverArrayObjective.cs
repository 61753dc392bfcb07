using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Classification or regression of arrays, with the losses of <see cref="PerceiverForArray"/>: an answer for each row, or a class for each
/// input vector.
/// </summary>
public sealed class PerceiverArrayObjective : PerceiverClassificationObjective<PerceiverArrayExample>
{
    private readonly PerceiverForArray _model;
    private readonly PerceiverArraySettings _settings;

    /// <summary>Makes the objective.</summary>
    /// <param name="model">The model.</param>
    /// <param name="problem">Which loss.</param>
    /// <param name="training">The training rows.</param>
    /// <param name="validation">The validation rows; none for no validation.</param>
    /// <param name="options">Label smoothing, class weights and batch size are taken from here.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">
    /// A row does not fit the model's array, an option does not fit the problem, or the model answers in another way.
    /// </exception>
    public PerceiverArrayObjective(
        PerceiverForArray model,
        PerceiverProblemType problem,
        PerceiverRows<PerceiverArrayExample> training,
        PerceiverRows<PerceiverArrayExample> validation,
        PerceiverTrainingOptions options)
        : base(model, problem, training, validation, options)
    {
        options.RefuseUnused("arrays", nameof(options.LabelSmoothing), nameof(options.ClassWeights), nameof(options.BalanceClasses));
        _model = model;
        _settings = model.Config.Array!;
        bool isPooled = _settings.Output == PerceiverArraySettings.PooledOutput;
        bool areClasses = _settings.Output == PerceiverArraySettings.PositionsOutput && problem == PerceiverProblemType.SingleLabel;
        if (!isPooled && !areClasses)
        {
            throw new ArgumentException(
                $"The objective is for answers of rows, or classes of input vectors; array.output is {_settings.Output}.", nameof(model));
        }

        foreach (var row in Training.Concat(Validation))
            Check(row);
    }

    private protected override float[] TargetOf(PerceiverArrayExample row) => row.Target;

    private protected override Tensor LogitsOf(IReadOnlyList<PerceiverArrayExample> rows)
    {
        var batch = ArrayBatch.Of(_settings, [.. rows.Select(row => row.Row)], _model.Device);
        var logits = _model.forward(batch.Inputs, batch.Mask, coordinates: batch.Coordinates).Logits.to(ScalarType.Float32);
        if (logits.dim() == 2)
            return logits;
        long rest = logits.shape[1] / (batch.Mask?.shape[1] ?? logits.shape[1]);
        return batch.Mask is { } mask ? logits[mask.ne(Scalars.Kept(0)).repeat_interleave(rest, 1)] : logits.flatten(0, 1);
    }

    private void Check(PerceiverArrayExample row)
    {
        int width = ArrayBatch.WidthOf(_settings), points = row.Values.Length / width;
        if (points == 0 || row.Values.Length % width != 0 || points > _settings.InputShape[0])
        {
            throw new ArgumentException(
                $"A row has {row.Values.Length} numbers; the model reads from 1 to {_settings.InputShape[0]} times {width}.");
        }

        int? coordinates = _settings.HasCoordinates ? points * _settings.CoordinateResolutions!.Count : null;
        if (row.Coordinates?.Length != coordinates)
        {
            throw new ArgumentException(
                $"A row of {points} points has {row.Coordinates?.Length ?? 0} coordinates; the model reads {coordinates ?? 0}.");
        }
    }
}
