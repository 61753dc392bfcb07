using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using AutoML;
using Microsoft.ML.SearchSpace;
using TorchSharp;

namespace Microsoft.ML.Perceiver.Tests.Search;

/// <summary>What a search may choose is what a trainer takes, and it survives the way through JSON.</summary>
[TestClass]
public sealed class SearchOptionsTests
{
    // As ML.NET's search space carries parameters.
    private static readonly JsonSerializerOptions Json = new()
    {
        Converters = { new JsonStringEnumConverter() },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    [DataRow(typeof(PerceiverTextSearchOptions))]
    [DataRow(typeof(PerceiverImageSearchOptions))]
    public void Defaults_are_those_of_the_attributes(Type type)
    {
        object options = Activator.CreateInstance(type)!;
        int searched = 0;
        foreach (var property in type.GetProperties())
        {
            Assert.IsNotNull(property.SetMethod, property.Name);
            object? start = property.GetCustomAttribute<RangeAttribute>()?.Init
                ?? property.GetCustomAttribute<ChoiceAttribute>()?.DefaultValue
                ?? property.GetCustomAttribute<BooleanChoiceAttribute>()?.DefaultValue;
            if (start is null)
                continue;
            searched++;
            Assert.AreEqual(property.GetValue(options), start, property.Name);
        }

        Assert.IsGreaterThanOrEqualTo(10, searched);
        Train(options);
    }

    [TestMethod]
    [DataRow(typeof(PerceiverTextSearchOptions))]
    [DataRow(typeof(PerceiverImageSearchOptions))]
    public void Every_corner_makes_a_trainer(Type type)
    {
        var dimensions = Dimension.Of(type);
        foreach (var dimension in dimensions)
        {
            foreach (object value in dimension.Extremes)
            {
                object options = Activator.CreateInstance(type)!;
                dimension.Set(options, value);
                Train(options);
            }
        }

        object least = Activator.CreateInstance(type)!, most = Activator.CreateInstance(type)!;
        foreach (var dimension in dimensions)
        {
            dimension.Set(least, dimension.Extremes[0]);
            dimension.Set(most, dimension.Extremes[^1]);
        }

        Train(least);
        Train(most);
    }

    [TestMethod]
    public void Text_options_travel_as_json()
    {
        var options = new PerceiverTextSearchOptions
        {
            LabelColumnName = "L",
            TextColumnName = "T",
            SecondTextColumnName = "U",
            CheckpointFolder = "folder",
            Size = PerceiverModelSize.Medium,
            Epochs = 5,
            BatchSize = 16,
            Optimizer = PerceiverOptimizer.Muon,
            LearningRate = 0.002,
            WeightDecay = 0.1,
            AttentionDropout = 0.2,
            LabelSmoothing = 0.05,
            WeightAverageDecay = 0.99,
            BalanceClasses = true,
            TokenDropout = 0.15,
            TrainingPrecision = PerceiverPrecision.BFloat16,
            ValidationFraction = 0.2,
            EarlyStoppingPatience = 3,
            MonitorMetric = "LogLoss",
            Seed = 7,
            MaxLength = 99,
        };
        AssertTravels(options);
    }

    [TestMethod]
    public void Image_options_travel_as_json() => AssertTravels(new PerceiverImageSearchOptions
    {
        LabelColumnName = "L",
        ImageColumnName = "I",
        PixelHeight = 20,
        PixelWidth = 30,
        HorizontalFlip = true,
        MaxShift = 0.15,
        MinCropArea = 0.7,
        CutMix = 1,
        Size = PerceiverModelSize.Tiny,
    });

    [TestMethod]
    public void A_trainer_gets_what_was_chosen()
    {
        var trainer = new PerceiverTextSearchOptions
        {
            LabelColumnName = "L",
            TextColumnName = "T",
            SecondTextColumnName = "U",
            Size = PerceiverModelSize.Tiny,
            Epochs = 5,
            BatchSize = 16,
            Optimizer = PerceiverOptimizer.Muon,
            LearningRate = 0.002,
            WeightDecay = 0.1,
            AttentionDropout = 0.2,
            LabelSmoothing = 0.05,
            WeightAverageDecay = 0.99,
            BalanceClasses = true,
            TokenDropout = 0.15,
            EarlyStoppingPatience = 3,
            MonitorMetric = "LogLoss",
            Seed = 7,
            MaxLength = 99,
        }.ToTrainerOptions();
        Assert.AreEqual(
            ("L", "T", "U", 99), (trainer.LabelColumnName, trainer.TextColumnName, trainer.SecondTextColumnName, trainer.MaxLength));
        Assert.AreEqual(PerceiverPresets.Text(PerceiverModelSize.Tiny).NumLatents, trainer.Checkpoint!.Config.NumLatents);
        Assert.AreEqual(0.2, trainer.Checkpoint.Config.AttentionDropout);
        var training = trainer.Training!;
        Assert.AreEqual((5, 16, 0.002, 0.1, 0.05, 0.99), (
            training.Epochs,
            training.BatchSize,
            training.LearningRate,
            training.WeightDecay,
            training.LabelSmoothing,
            training.WeightAverageDecay));
        Assert.AreEqual(PerceiverOptimizer.Muon, training.Optimizer);
        Assert.AreEqual(
            (true, 0.15, 3, "LogLoss", 7),
            (training.BalanceClasses, training.TokenDropout, training.EarlyStoppingPatience, training.MonitorMetric, training.Seed));
    }

    [TestMethod]
    [DataRow(PerceiverModelSize.Tiny, 0.1, 0.3)]
    [DataRow(PerceiverModelSize.Small, 0.3, 0.7)]
    [DataRow(PerceiverModelSize.Medium, 1.4, 2.5)]
    public void Sizes_have_as_many_parameters_as_is_said(PerceiverModelSize size, double textMillions, double imageMillions)
    {
        using var text = new PerceiverForSequenceClassification(PerceiverPresets.Text(size), initialize: false);
        using var image = PerceiverForImageClassification.Create(
            PerceiverPresets.Image(size) with { Architectures = [nameof(PerceiverForImageClassificationConvProcessing)] },
            initialize: false);
        Assert.AreEqual((textMillions, imageMillions), (Millions(text), Millions(image)));
    }

    [TestMethod]
    public void Unknown_sizes_and_null_options_are_refused()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => new PerceiverTextSearchOptions { Size = (PerceiverModelSize)9 }.ToTrainerOptions());
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => PerceiverPresets.Image((PerceiverModelSize)9));
        Assert.ThrowsExactly<ArgumentNullException>(
            () => _context.MulticlassClassification.Trainers.PerceiverText((PerceiverTextSearchOptions)null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => _context.Regression.Trainers.PerceiverText((PerceiverTextSearchOptions)null!));
        Assert.ThrowsExactly<ArgumentNullException>(
            () => _context.MulticlassClassification.Trainers.PerceiverImage((PerceiverImageSearchOptions)null!));
    }

    private static double Millions(torch.nn.Module model) => Math.Round(model.parameters().Sum(p => p.numel()) / 1e6, 1);

    // A trainer checks its options when it is made, and a checkpoint its configuration.
    private void Train(object options) => Assert.IsNotNull(options switch
    {
        PerceiverTextSearchOptions text => _context.MulticlassClassification.Trainers.PerceiverText(text),
        PerceiverImageSearchOptions image => _context.MulticlassClassification.Trainers.PerceiverImage(image),
        _ => (object?)null,
    });

    private static void AssertTravels<T>(T options)
    {
        var back = JsonSerializer.Deserialize<T>(JsonSerializer.Serialize(options, Json), Json)!;
        foreach (var property in typeof(T).GetProperties())
            Assert.AreEqual(property.GetValue(options), property.GetValue(back), property.Name);
    }
}
