using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// How well boxes were found, by COCO's average precision: of each label, the mean over 101 recalls from 0 to 1 of the highest precision at
/// that recall or a higher one, and of these the mean over the labels that there are objects of. At most 100 boxes of an image count.
/// </summary>
/// <param name="MAP50">The mean average precision where a box needs an overlap (intersection over union) of 0.5, from 0 to 1.</param>
/// <param name="MAP50To95">The mean over the overlaps 0.5, 0.55, ... 0.95.</param>
/// <param name="PerLabel">
/// The average precision of each label at an overlap of 0.5, in the order of the keys; NaN for one without objects.
/// </param>
/// <param name="Rows">How many images there were.</param>
public sealed record PerceiverObjectDetectionMetrics(double MAP50, double MAP50To95, IReadOnlyList<double> PerLabel, long Rows)
{
    private const int Numbers = 4;

    /// <exception cref="InvalidOperationException">There are no rows, or one is at fault; the message gives its number.</exception>
    internal static PerceiverObjectDetectionMetrics Of(
        IDataView data, string labelName, string boxName, string predictedLabelName, string predictedBoxName, string scoreName)
    {
        var single = new InputType(NumberDataViewType.Single, IsVector: true);
        var label = InputColumn.Keys(labelName).In(data.Schema);
        var box = new InputColumn(boxName, single).In(data.Schema);
        var predictedLabel = InputColumn.Keys(predictedLabelName).In(data.Schema);
        var predictedBox = new InputColumn(predictedBoxName, single).In(data.Schema);
        var score = new InputColumn(scoreName, single).In(data.Schema);
        var labels = LabelSet.FromKeyColumn(label);
        RequireSame(labels, LabelSet.FromKeyColumn(predictedLabel), labelName, predictedLabelName);
        var precision = new DetectionPrecision(labels.Names.Count);
        using var cursor = data.GetRowCursor([label, box, predictedLabel, predictedBox, score]);
        var readLabels = Getters.VectorReader<uint>(cursor, label);
        var readBoxes = Getters.VectorReader<float>(cursor, box);
        var readPredicted = Getters.VectorReader<uint>(cursor, predictedLabel);
        var readPredictedBoxes = Getters.VectorReader<float>(cursor, predictedBox);
        var readScores = Getters.VectorReader<float>(cursor, score);
        while (cursor.MoveNext())
        {
            StageRow.Read<object?>(
                () =>
                {
                    var objects = Pair(readLabels(), readBoxes(), labelName, boxName, labels);
                    var found = Pair(readPredicted(), readPredictedBoxes(), predictedLabelName, predictedBoxName, labels);
                    float[] scores = readScores();
                    if (scores.Length != found.Length)
                        throw new RowException(0, $"the column '{scoreName}' has {scores.Length} scores of {found.Length} boxes.");
                    precision.Add([.. found.Select((f, i) => new DetectedBox(f.Label, scores[i], f.Box))], objects);
                    return null;
                },
                cursor.Position);
        }

        if (precision.Images == 0)
            throw new InvalidOperationException("The data has no rows.");
        return new PerceiverObjectDetectionMetrics(
            precision.MeanAt(0.5),
            precision.MeanOfAll(),
            [.. Enumerable.Range(0, labels.Names.Count).Select(i => precision.At(i, 0.5))],
            precision.Images);
    }

    private static void RequireSame(LabelSet labels, LabelSet predicted, string labelName, string predictedName)
    {
        if (!labels.Names.SequenceEqual(predicted.Names, StringComparer.Ordinal))
        {
            throw new ArgumentException(
                $"The columns '{labelName}' and '{predictedName}' have different labels, or the same ones in another order.");
        }
    }

    private static (int Label, Box Box)[] Pair(uint[] keys, float[] numbers, string labelName, string boxName, LabelSet labels)
    {
        if (numbers.Length != Numbers * keys.Length)
        {
            throw new RowException(
                0, $"the column '{labelName}' has {keys.Length} labels, and '{boxName}' {numbers.Length} numbers; a box has {Numbers}.");
        }

        if (Array.FindIndex(keys, key => key == 0 || key > labels.Names.Count) is >= 0 and var missing)
            throw new RowException(0, $"the label {missing} in the column '{labelName}' is missing.");
        if (Array.FindIndex(numbers, number => !float.IsFinite(number)) is >= 0 and var index)
            throw new RowException(0, $"the number {index} in the column '{boxName}' is {numbers[index]}.");
        return
        [
            .. keys.Select((key, i) =>
                ((int)key - 1, new Box(numbers[4 * i], numbers[4 * i + 1], numbers[4 * i + 2], numbers[4 * i + 3]))),
        ];
    }
}
