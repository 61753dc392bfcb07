global using ArrayClassificationContent = Microsoft.ML.Perceiver.StageContent<
    Microsoft.ML.Perceiver.PerceiverArrayClassificationOptions,
    Microsoft.ML.Perceiver.ArrayClassificationFound,
    Microsoft.ML.Perceiver.PerceiverForArray>;

using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Arrays to scores.</summary>
internal sealed class ArrayClassificationStage : BatchStage<ArrayRow, ScoredRow>, IModelStage<PerceiverForArray>
{
    private readonly ArrayRunner _runner;
    private readonly ArrayReader _reader;
    private readonly ArrayClassificationFound _found;
    private readonly PerceiverArrayClassificationOptions _options;

    internal ArrayClassificationStage(ArrayClassificationContent content)
    {
        var (options, found) = (content.Options, content.Found);
        (_found, _options) = (found, options);
        _runner = new ArrayRunner(content.Model, options);
        _reader = ArrayReader.Of(content.Model.Config.Array!, found.IsExact);
        var inputs = options.Inputs;
        Inputs = inputs is [var only] ? [only with { Fault = _reader.Fault }] : inputs;
        var scores = ClassificationColumns.Of(options, found.Problem, found.Labels, found.IsBinary);
        var shape = content.Model.Config.Array!.VectorShape;
        Outputs = AttentionColumn.With(scores, options, Vectors, found.Slots, found.IsExact ? [.. shape] : []);
    }

    /// <summary>What the weights of an attention map are for.</summary>
    internal const string Vectors = "each number, element or patch that is an input of the model, the last axis running fastest";

    public override IReadOnlyList<InputColumn> Inputs { get; }

    public override IReadOnlyList<OutputColumn<ScoredRow>> Outputs { get; }

    ModelRunner<PerceiverForArray> IModelStage<PerceiverForArray>.Runner => _runner;

    internal override int WindowSize => _runner.WindowSize;

    internal override Func<ArrayRow> CreateReader(DataViewRow row, DataViewSchema.Column[] columns) => _reader.CreateReader(row, columns);

    internal override ScoredRow[] Score(IReadOnlyList<ArrayRow> window)
    {
        bool wantsAttention = _options.AttentionColumnName is not null;
        float[][] rows = _runner.Infer(window, wantsAttention ? ScoresAndAttention : Scores);
        int scores = _found.Labels.Names.Count;
        // Weights of padding stand behind a row's own.
        return [.. window.Zip(rows, (array, row) => wantsAttention
            ? ScoredRow.Of(row[..(scores + _runner.VectorsOf(array))], scores)
            : ScoredRow.Of(row, row.Length))];
    }

    private Tensor Scores(Tensor inputs, Tensor? mask) =>
        ScoresOf(_runner.Model.forward(inputs, mask, outputAttentions: false, outputHiddenStates: false).Logits);

    private Tensor ScoresAndAttention(Tensor inputs, Tensor? mask)
    {
        var (logits, attention) = _runner.Model.Traced(inputs, mask, _options.AttentionKind);
        return cat([ScoresOf(logits), attention.squeeze(1)], 1);
    }

    private Tensor ScoresOf(Tensor logits) =>
        ClassificationColumns.Scores(logits, _found.Problem, _runner.Model.Config, _found.IsBinary);
}

/// <summary>What fitting a classification of arrays finds out.</summary>
/// <param name="Labels">The labels.</param>
/// <param name="Problem">The problem.</param>
/// <param name="IsExact">Whether each row has as many numbers.</param>
/// <param name="IsBinary">Whether the labels are false and true, and the columns those of a binary classifier.</param>
/// <param name="Slots">The name of each input of the model; null for none.</param>
internal sealed record ArrayClassificationFound(
    LabelSet Labels, PerceiverProblemType Problem, bool IsExact, bool IsBinary, IReadOnlyList<string>? Slots = null) : IFound
{
    public void Check(PerceiverConfig config)
    {
        FoundChecks.RequireLabels(Labels, config);
        FoundChecks.RequireProblem(Problem, Labels, IsBinary);
        if (config.Array is not { Output: PerceiverArraySettings.PooledOutput, HasCoordinates: false })
            throw new FormatException("The configuration has no array with one answer for each row.");
        if (Slots is not null && (!IsExact || Slots.Count != config.Array.Vectors || Slots.Any(name => name is null)))
            throw new FormatException($"Slots has no name for each of the {config.Array.Vectors} inputs.");
    }
}
