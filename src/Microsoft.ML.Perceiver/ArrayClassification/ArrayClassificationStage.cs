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
        var scores = found.IsBinary ? BinaryColumns.Of(options) : ClassificationColumns.Of(options, found.Problem, found.Labels);
        var shape = content.Model.Config.Array!.VectorShape;
        Outputs = AttentionColumn.With(scores, options, Vectors, found.IsExact ? [.. shape] : []);
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
        _found.IsBinary ? BinaryColumns.Scores(logits) : ClassificationColumns.Scores(logits, _found.Problem, _runner.Model.Config);
}

/// <summary>What fitting a classification of arrays finds out.</summary>
/// <param name="Labels">The labels.</param>
/// <param name="Problem">The problem.</param>
/// <param name="IsExact">Whether each row has as many numbers.</param>
/// <param name="IsBinary">Whether the labels are false and true, and the columns those of a binary classifier.</param>
internal sealed record ArrayClassificationFound(LabelSet Labels, PerceiverProblemType Problem, bool IsExact, bool IsBinary) : IFound
{
    public void Check(PerceiverConfig config)
    {
        FoundChecks.RequireLabels(Labels, config);
        FoundChecks.RequireProblem(Problem);
        if (config.Array is not { Output: PerceiverArraySettings.PooledOutput, HasCoordinates: false })
            throw new FormatException("The configuration has no array with one answer for each row.");
        if (IsBinary && (Problem != PerceiverProblemType.SingleLabel || Labels.Names.Count != 2))
            throw new FormatException($"IsBinary is true; that is for two single labels, not for {Labels.Names.Count}, {Problem}.");
    }
}
