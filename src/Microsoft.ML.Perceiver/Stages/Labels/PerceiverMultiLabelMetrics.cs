using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// How well predictions of several labels for each row agree with the right ones. A label counts as predicted where its probability is the
/// threshold or more, and as right where the label column has true, or 0.5 or more. The definitions are those of M.-L. Zhang and Z.-H.
/// Zhou, A Review on Multi-Label Learning Algorithms (2014), and of scikit-learn.
/// </summary>
/// <param name="MicroF1">
/// The harmonic mean of precision and recall of all labels of all rows together, from 0 to 1; 0 where no prediction is right.
/// </param>
/// <param name="MacroF1">The mean of <see cref="PerLabelF1"/>, from 0 to 1, without labels that have none; NaN where all have none.</param>
/// <param name="HammingLoss">The share of all labels of all rows that are wrong, from 0 to 1.</param>
/// <param name="SubsetAccuracy">The share of rows of which every label is right, from 0 to 1.</param>
/// <param name="MeanAveragePrecision">
/// The mean of <see cref="PerLabelAveragePrecision"/>, from 0 to 1, without labels that have none; NaN where all have none. It does not
/// depend on the threshold.
/// </param>
/// <param name="PerLabelF1">
/// The F1 of each label, in the order of <see cref="Labels"/>; NaN for one that no row has and none is predicted to have.
/// </param>
/// <param name="PerLabelAveragePrecision">
/// The average precision of each label: over its rows from the most probable one down, the sum of each gain of recall times the precision
/// up to there; rows of one probability count together. NaN for a label that no row has.
/// </param>
/// <param name="Labels">The labels' names: the slot names of the scores, else of the labels, else LABEL_0, LABEL_1, ...</param>
/// <param name="Rows">How many rows there were.</param>
public sealed record PerceiverMultiLabelMetrics(
    double MicroF1,
    double MacroF1,
    double HammingLoss,
    double SubsetAccuracy,
    double MeanAveragePrecision,
    IReadOnlyList<double> PerLabelF1,
    IReadOnlyList<double> PerLabelAveragePrecision,
    IReadOnlyList<string> Labels,
    long Rows)
{
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    /// <exception cref="InvalidOperationException">There are no rows, or one is at fault; the message gives its number.</exception>
    internal static PerceiverMultiLabelMetrics Of(IDataView data, string labelName, string scoreName, double threshold)
    {
        var label = LabelReader.For(data.Schema, labelName, LabelKind.Several);
        var score = new InputColumn(scoreName, new InputType(NumberDataViewType.Single, IsVector: true)).In(data.Schema);
        int count = label.Labels.Names.Count;
        if (score.Type is VectorDataViewType { IsKnownSize: true, Size: var size } && size != count)
            throw StageErrors.Unfit(scoreName, $"has {size} scores for each row, and the column '{labelName}' {count} labels.");
        var counts = new MultiLabelCounts(count, (float)threshold);
        using var cursor = data.GetRowCursor([data.Schema[labelName], score]);
        var readLabels = label.CreateReader(cursor);
        var readScores = Getters.VectorReader<float>(cursor, score);
        while (cursor.MoveNext())
        {
            var (labels, scores) = StageRow.Read(() => (readLabels(), Checked(readScores(), count, scoreName)), cursor.Position);
            counts.Add(labels, scores);
        }

        if (counts.Rows == 0)
            throw new InvalidOperationException("The data has no rows.");
        double[] f1 = [.. Enumerable.Range(0, count).Select(counts.F1Of)];
        double[] precisions = [.. Enumerable.Range(0, count).Select(counts.AveragePrecisionOf)];
        return new PerceiverMultiLabelMetrics(
            counts.MicroF1,
            MeanOf(f1),
            counts.HammingLoss,
            counts.SubsetAccuracy,
            MeanOf(precisions),
            f1,
            precisions,
            StageAnnotations.SlotNamesOf(score) ?? label.Labels.Names,
            counts.Rows);
    }

    private static float[] Checked(float[] scores, int count, string name)
    {
        if (scores.Length != count)
            throw new RowException(0, $"the column '{name}' has {scores.Length} scores of {count} labels.");
        int wrong = Array.FindIndex(scores, score => !float.IsFinite(score));
        return wrong < 0 ? scores : throw new RowException(0, $"the score {wrong} in the column '{name}' is {scores[wrong]}.");
    }

    private static double MeanOf(IEnumerable<double> values) =>
        values.Where(value => !double.IsNaN(value)).DefaultIfEmpty(double.NaN).Average();
}
