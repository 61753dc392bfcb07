using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver.Tests.Audio;

/// <summary>The trainers of arrays read what the loader and the frames give: from paths to classes, saved as one model.</summary>
[TestClass]
public sealed class AudioTrainingTests
{
    private static readonly PerceiverTrainingOptions s_training =
        PerceiverPresets.ArrayTraining with { Epochs = 30, BatchSize = 8, WeightAverageDecay = 0.9 };

    private static readonly PerceiverCheckpoint s_start = PerceiverCheckpoint.FromConfig(
        PerceiverPresets.SmallArray with { NumLatents = 8, LatentChannels = 32, QueryKeyChannels = 32, ValueChannels = 32 },
        initialization: PerceiverInitialization.LocalArray);

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Tones_are_told_apart_by_their_frames()
    {
        using var folder = new TemporaryFolder();
        var rows = Rows(folder, 48);
        using var model = _context.Transforms.Conversion.MapValueToKey("Label")
            .Append(_context.Transforms.LoadPerceiverAudio("Samples", inputColumnName: "Path", sampleRate: 8000, maxSeconds: 0.3))
            .Append(_context.Transforms.PerceiverLogMel("Features", "Samples", sampleRate: 8000, bands: 12))
            .Append(_context.MulticlassClassification.Trainers.PerceiverArray(new PerceiverArrayClassificationOptions
            {
                Channels = 12,
                Checkpoint = s_start,
                Training = s_training,
            }))
            .Append(_context.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Fit(rows);
        var test = Rows(folder, 20, first: 100);
        float[][] scores = [.. model.Transform(test).GetColumn<float[]>("Score")];
        CollectionAssert.AreEqual(
            test.GetColumn<string>("Label").ToArray(), model.Transform(test).GetColumn<string>("PredictedLabel").ToArray());
        _context.Model.Save(model, rows.Schema, folder["model.zip"]);
        var loaded = new MLContext().Model.Load(folder["model.zip"], out _);
        using var owner = (IDisposable)loaded;
        float[][] again = [.. loaded.Transform(test).GetColumn<float[]>("Score")];
        for (int i = 0; i < scores.Length; i++)
            FloatAssert.AreClose(scores[i], again[i], 1e-5f);
    }

    [TestMethod]
    public void Patches_of_samples_and_matrices_of_frames_train()
    {
        using var folder = new TemporaryFolder();
        var rows = Rows(folder, 12);
        var loaded = _context.Transforms.Conversion.MapValueToKey("Label")
            .Append(_context.Transforms.LoadPerceiverAudio(new PerceiverAudioLoadingOptions
            {
                SampleRate = 8000,
                MaxSeconds = 0.2,
                PadToMaxSeconds = true,
            }));
        var training = s_training with { Epochs = 1, ValidationFraction = 0, MonitorMetric = null };
        var patches = new PerceiverArrayClassificationOptions
        {
            FeatureColumnNames = ["Samples"],
            Patch = [80],
            Checkpoint = s_start,
            Training = training,
        };
        using var samples = loaded.Append(_context.MulticlassClassification.Trainers.PerceiverArray(patches)).Fit(rows);
        CollectionAssert.AreEqual(new[] { 1600 }, samples.LastTransformer.Model.Config.Array!.InputShape.ToArray());
        var bands = new PerceiverArrayClassificationOptions { Channels = 10, Checkpoint = s_start, Training = training };
        using var frames = loaded.Append(_context.Transforms.PerceiverLogMel("Features", "Samples", sampleRate: 8000, bands: 10))
            .Append(_context.MulticlassClassification.Trainers.PerceiverArray(bands)).Fit(rows);
        // Windows of 200 samples every 80: 18.5 of them, the last one filled up.
        CollectionAssert.AreEqual(new[] { 19 }, frames.LastTransformer.Model.Config.Array!.InputShape.ToArray());
        foreach (ITransformer model in (ITransformer[])[samples, frames])
            Assert.HasCount(12, model.Transform(rows).GetColumn<float[]>("Score").ToArray());
    }

    // Low and high tones of any phase and loudness.
    private IDataView Rows(TemporaryFolder folder, int count, int first = 0) => _context.Data.LoadFromEnumerable(
        Enumerable.Range(first, count).Select(i =>
        {
            var random = new Random(i);
            double frequency = i % 2 == 0 ? 300 + 100 * random.NextDouble() : 1800 + 300 * random.NextDouble();
            float[] tone = WavData.Tone(2000 + random.Next(1000), frequency, rate: 8000, amplitude: 0.1 + 0.5 * random.NextDouble());
            File.WriteAllBytes(folder[$"{i}.wav"], WavData.File(8000, tone));
            return new AudioRow { Path = folder[$"{i}.wav"], Label = i % 2 == 0 ? "low" : "high" };
        }).ToArray());
}
