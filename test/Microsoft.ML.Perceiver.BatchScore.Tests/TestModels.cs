using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Perceiver.BatchScore.Tests;

/// <summary>Models that are fitted at once; what they compute is known.</summary>
internal static class TestModels
{
    /// <summary>Lower case: the column Normalized of the column Text.</summary>
    public static string Text(TemporaryFolder folder) =>
        Save<TextRow>(folder, ml => ml.Transforms.Text.NormalizeText("Normalized", "Text"));

    /// <summary>
    /// The column Score, whose slots A and B are the columns of these names. A label is mapped too, as trainers' models do.
    /// </summary>
    public static string Numbers(TemporaryFolder folder) => Save<NumbersRow>(
        folder,
        ml => ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.Transforms.Concatenate("Score", "A", "B")));

    /// <summary>The column Score, a copy of the vectors of three numbers of the column Features.</summary>
    public static string Vectors(TemporaryFolder folder) => Save<VectorRow>(folder, ml => ml.Transforms.CopyColumns("Score", "Features"));

    /// <summary>The column Score, the pixels of 1 x 1 of the column Image.</summary>
    public static string Images(TemporaryFolder folder) => Save<ImageRow>(
        folder,
        ml => ml.Transforms.ResizeImages("Small", 1, 1, "Image").Append(ml.Transforms.ExtractPixels("Score", "Small")));

    private static string Save<T>(TemporaryFolder folder, Func<MLContext, IEstimator<ITransformer>> pipeline)
        where T : class, new()
    {
        var ml = new MLContext(seed: 1);
        var rows = ml.Data.LoadFromEnumerable<T>([]);
        string path = folder[typeof(T).Name + ".mlnet"];
        ml.Model.Save(pipeline(ml).Fit(rows), rows.Schema, path);
        return path;
    }

    private sealed class TextRow
    {
        public string Text { get; set; } = "";
    }

    private sealed class NumbersRow
    {
        public string Label { get; set; } = "";

        public float A { get; set; }

        public float B { get; set; }
    }

    private sealed class VectorRow
    {
        [VectorType(3)]
        public float[] Features { get; set; } = [];
    }

    private sealed class ImageRow
    {
        public string Label { get; set; } = "";

        [ImageType(4, 4)]
        public MLImage? Image { get; set; }
    }
}
