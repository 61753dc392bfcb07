using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver.Tests.ArrayClassification;

/// <summary>Films whose label is the direction of a motion: all their frames tell it, one of them tells nothing.</summary>
[TestClass]
public sealed class FilmMotionTests
{
    private const int Frames = 4, Side = 8, Films = 400;

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void The_direction_of_a_motion_is_learnt_from_films_and_not_from_a_frame()
    {
        Film[] train = Draw(Films, seed: 1), test = Draw(Films / 2, seed: 2);
        double films = AccuracyOf(train, test, "Features", [1, 4, 2]);
        Assert.IsGreaterThan(0.95, films);
        // As many as of a coin, with three deviations of chance.
        double frames = AccuracyOf(train, test, "Frame", [4, 2]);
        Assert.IsLessThan(0.61, frames);
    }

    private double AccuracyOf(Film[] train, Film[] test, string column, int[] patch)
    {
        var trainer = _context.BinaryClassification.Trainers.PerceiverArray(new PerceiverArrayClassificationOptions
        {
            FeatureColumnNames = [column],
            Patch = patch,
            Checkpoint = PerceiverCheckpoint.FromConfig(ArrayData.Config, 3, initialization: PerceiverInitialization.LocalArray),
            Training = PerceiverPresets.ArrayTraining with { Epochs = 15, LearningRate = 5e-3, Seed = 1 },
        });
        using var model = trainer.Fit(_context.Data.LoadFromEnumerable(train));
        return _context.BinaryClassification.Evaluate(model.Transform(_context.Data.LoadFromEnumerable(test))).Accuracy;
    }

    // Waves that run around the frame: the phase of the first frame is drawn, and so is each later one's, whatever the direction.
    private static Film[] Draw(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            double phase = Math.Tau * random.NextDouble(), speed = (i % 2 == 0 ? 1 : -1) * (0.6 + 0.6 * random.NextDouble());
            double contrast = 0.5 + random.NextDouble();
            float[] values = new float[Frames * Side * Side];
            for (int j = 0; j < values.Length; j++)
            {
                int frame = j / (Side * Side), x = j % Side;
                values[j] = (float)(contrast * Math.Cos(Math.Tau * x / Side - phase - speed * frame) + 0.2 * random.NextDouble());
            }

            return new Film { Features = values, Frame = values[..(Side * Side)], Label = i % 2 == 0 };
        })];
    }

    private sealed class Film
    {
        [VectorType(Frames, Side, Side)]
        public float[] Features { get; set; } = [];

        [VectorType(Side, Side)]
        public float[] Frame { get; set; } = [];

        public bool Label { get; set; }
    }
}
