using Microsoft.ML;
using Microsoft.ML.Data;

namespace VideoClassification;

/// <summary>What LightGbm makes of the same films, in small frames.</summary>
internal static class Baseline
{
    private const int Side = 8, FrameValues = Side * Side;

    /// <summary>The accuracy on the test films of LightGbm on each kind of features.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="data">The films.</param>
    internal static Accuracies Evaluate(MLContext mlContext, DataSet data)
    {
        var loader = MyModel.LoadFrames(mlContext, Side).Fit(data.Rows(data.Train));
        float[][] train = Films(data.Train), test = Films(data.Test);
        return new Accuracies(
            Pixels: AccuracyOf(film => film),
            Differences: AccuracyOf(film => [.. film.Skip(FrameValues).Select((value, i) => value - film[i])]),
            Frame: AccuracyOf(film => film[(film.Length / FrameValues / 2 * FrameValues)..][..FrameValues]));

        float[][] Films(IReadOnlyList<MyModel.ModelInput> films) =>
            [.. loader.Transform(data.Rows(films)).GetColumn<float[]>("Features")];

        double AccuracyOf(Func<float[], float[]> features)
        {
            var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label")
                .Append(mlContext.MulticlassClassification.Trainers.LightGbm());
            var scored = pipeline.Fit(Rows(data.Train, train)).Transform(Rows(data.Test, test));
            return mlContext.MulticlassClassification.Evaluate(scored).MicroAccuracy;

            IDataView Rows(IReadOnlyList<MyModel.ModelInput> films, float[][] values)
            {
                Row[] rows = [.. films.Select((film, i) => new Row { Label = film.Label, Features = features(values[i]) })];
                var schema = SchemaDefinition.Create(typeof(Row));
                schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, rows[0].Features.Length);
                return mlContext.Data.LoadFromEnumerable(rows, schema);
            }
        }
    }

    /// <summary>Accuracies on the test films.</summary>
    /// <param name="Pixels">With the pixels of all frames.</param>
    /// <param name="Differences">With the differences of each frame's pixels to those of the frame before.</param>
    /// <param name="Frame">With the pixels of the middle frame alone.</param>
    internal sealed record Accuracies(double Pixels, double Differences, double Frame)
    {
        /// <summary>The best on films, which the test itself chooses.</summary>
        internal double Best => Math.Max(Pixels, Differences);
    }

    private sealed class Row
    {
        public string Label { get; set; } = "";

        public float[] Features { get; set; } = [];
    }
}
