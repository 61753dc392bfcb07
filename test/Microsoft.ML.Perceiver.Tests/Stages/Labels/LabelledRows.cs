using Microsoft.ML.Data;
using Microsoft.ML.Perceiver.Tests.ArrayClassification;
using Microsoft.ML.Perceiver.Tests.ImageClassification;
using Microsoft.ML.Perceiver.Tests.Modules;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.Perceiver.Tests.Stages.Labels;

/// <summary>Rows with a text, an image and an array, whose labels are of every type; and the trainers of each.</summary>
internal static class LabelledRows
{
    private static readonly PerceiverConfig TextConfig = TinyModels.Config with { InitializerRange = 0.3 };

    /// <summary>Rows that can be told apart by text, image and array, labels by turns.</summary>
    internal static IDataView Create(MLContext context, int count, int seed = 1)
    {
        var random = new Random(seed);
        var data = context.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(i =>
        {
            bool odd = i % 2 == 1;
            byte[] image = TinyImages.Stripes(random, !odd);
            return new Row
            {
                Text = $"{(odd ? "no" : "ja")} {random.Next(10)}",
                Pixels = Array.ConvertAll(image, b => (float)b),
                Six = [.. Enumerable.Range(0, 6).Select(_ => 40 + (odd ? 8 : 0) + 4 * random.NextSingle())],
                Truth = odd,
                Word = odd ? "odd" : "even",
                Words = odd ? ["x", "z"] : ["y"],
                Int = odd ? 7 : 3,
                Long = odd ? 1 : 0,
                Double = odd ? 7.5 : 3.5,
                Float = odd ? 7 : 3,
                Digits = odd ? "7" : "3",
                Flags = [odd, !odd, false],
                Shares = [odd ? 1 : 0, odd ? 0 : 1, 0],
                Counts = [odd ? 1 : 0, odd ? 0 : 1],
                Some = [1, 0],
            };
        }).ToArray());
        const ValueToKeyMappingEstimator.KeyOrdinality byValue = ValueToKeyMappingEstimator.KeyOrdinality.ByValue;
        return context.Transforms.Conversion.MapValueToKey("Key", "Word", keyOrdinality: byValue)
            .Append(context.Transforms.Conversion.MapValueToKey("Keys", "Words", keyOrdinality: byValue))
            .Append(context.Transforms.Conversion.MapKeyToVector("Named", "Keys", outputCountVector: true))
            .Fit(data).Transform(data);
    }

    /// <summary>A trainer, as every catalog of trainers has it.</summary>
    /// <param name="context">The context.</param>
    /// <param name="kind">What is read: Text, Image or Array.</param>
    /// <param name="catalog">What is learnt: Classes, Truth, Number or Several; anything else for the transform.</param>
    /// <param name="label">The label column.</param>
    /// <param name="training">How to train.</param>
    internal static IEstimator<ITransformer> Trainer(
        MLContext context, string kind, string catalog, string label, PerceiverTrainingOptions training)
    {
        var classes = context.MulticlassClassification.Trainers;
        var truth = context.BinaryClassification.Trainers;
        var number = context.Regression.Trainers;
        switch (kind)
        {
            case "Text":
                var text = new PerceiverTextClassificationOptions
                {
                    LabelColumnName = label,
                    Checkpoint = PerceiverCheckpoint.FromConfig(TextConfig),
                    Training = training,
                };
                return catalog switch
                {
                    "Classes" => classes.PerceiverText(text),
                    "Truth" => truth.PerceiverText(text),
                    "Number" => number.PerceiverText(text),
                    "Several" => classes.PerceiverMultiLabelText(text),
                    _ => context.Transforms.PerceiverTextClassification(text),
                };
            case "Image":
                var image = new PerceiverImageClassificationOptions
                {
                    LabelColumnName = label,
                    ImageColumnName = "Pixels",
                    Checkpoint = TinyImages.Checkpoint(),
                    Training = training,
                    Augmentation = new() { HorizontalFlip = true, Brightness = 0.1, Contrast = 0.1 },
                };
                return catalog switch
                {
                    "Classes" => classes.PerceiverImage(image),
                    "Truth" => truth.PerceiverImage(image),
                    "Number" => number.PerceiverImage(image),
                    "Several" => classes.PerceiverMultiLabelImage(image),
                    _ => context.Transforms.PerceiverImageClassification(image),
                };
            default:
                var array = new PerceiverArrayClassificationOptions
                {
                    LabelColumnName = label,
                    FeatureColumnNames = ["Six"],
                    Checkpoint = ArrayData.Checkpoint,
                    Training = training,
                };
                return catalog switch
                {
                    "Classes" => classes.PerceiverArray(array),
                    "Truth" => truth.PerceiverArray(array),
                    "Number" => number.PerceiverArray(array),
                    "Several" => classes.PerceiverMultiLabelArray(array),
                    _ => context.Transforms.PerceiverArrayClassification(array),
                };
        }
    }

    internal sealed class Row
    {
        public string Text { get; set; } = "";

        [VectorType(3 * TinyImages.Side * TinyImages.Side)]
        public float[] Pixels { get; set; } = [];

        [VectorType(6)]
        public float[] Six { get; set; } = [];

        public bool Truth { get; set; }

        public string Word { get; set; } = "";

        public string[] Words { get; set; } = [];

        public int Int { get; set; }

        public long Long { get; set; }

        public double Double { get; set; }

        public float Float { get; set; }

        public string Digits { get; set; } = "";

        [VectorType(3)]
        public bool[] Flags { get; set; } = [];

        [VectorType(3)]
        public float[] Shares { get; set; } = [];

        [VectorType(2)]
        public int[] Counts { get; set; } = [];

        public float[] Some { get; set; } = [];
    }
}
