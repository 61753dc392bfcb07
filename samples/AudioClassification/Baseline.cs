using Microsoft.ML;
using Microsoft.ML.Data;

namespace AudioClassification;

/// <summary>LightGbm on what the same frames are like on the average, and by how much they deviate from that.</summary>
internal static class Baseline
{
    /// <summary>The models: on means alone and on means and deviations, each of them trained on each set of training rows.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="trainingSets">Sets of rows with frames.</param>
    /// <returns>For each of them, rows with frames to its accuracy.</returns>
    internal static Func<IReadOnlyList<Recording>, double>[] Train(MLContext mlContext, params IReadOnlyList<Recording>[] trainingSets)
    {
        bool[] choices = [false, true];
        return [.. trainingSets.SelectMany(rows => choices.Select(hasDeviations => Fit(rows, hasDeviations)))];

        Func<IReadOnlyList<Recording>, double> Fit(IReadOnlyList<Recording> rows, bool hasDeviations)
        {
            var model = mlContext.Transforms.Conversion.MapValueToKey("Label")
                .Append(mlContext.MulticlassClassification.Trainers.LightGbm(numberOfIterations: 300))
                .Fit(View(mlContext, rows, hasDeviations));
            return test => mlContext.MulticlassClassification.Evaluate(model.Transform(View(mlContext, test, hasDeviations))).MicroAccuracy;
        }
    }

    private static IDataView View(MLContext mlContext, IReadOnlyList<Recording> rows, bool hasDeviations)
    {
        var definition = SchemaDefinition.Create(typeof(Recording));
        definition["Features"].ColumnType = new VectorDataViewType(
            NumberDataViewType.Single, hasDeviations ? 2 * MyModel.Bands : MyModel.Bands);
        var statistics = rows.Select(row => new Recording { Label = row.Label, Features = Statistics(row.Features, hasDeviations) });
        return mlContext.Data.LoadFromEnumerable(statistics.ToArray(), definition);
    }

    private static float[] Statistics(float[] frames, bool hasDeviations)
    {
        int count = frames.Length / MyModel.Bands;
        float[] statistics = new float[hasDeviations ? 2 * MyModel.Bands : MyModel.Bands];
        for (int band = 0; band < MyModel.Bands; band++)
        {
            double[] numbers = [.. Enumerable.Range(0, count).Select(i => (double)frames[i * MyModel.Bands + band])];
            double mean = numbers.Average();
            statistics[band] = (float)mean;
            if (hasDeviations)
                statistics[MyModel.Bands + band] = (float)Math.Sqrt(numbers.Average(number => (number - mean) * (number - mean)));
        }

        return statistics;
    }
}
