using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver.Tests.ArrayClassification;

/// <summary>Rows with arrays of every form.</summary>
internal static class ArrayData
{
    /// <summary>A model that trains in a moment.</summary>
    internal static PerceiverConfig Config { get; } = new()
    {
        NumLatents = 6,
        LatentChannels = 16,
        NumSelfAttendsPerBlock = 1,
        NumSelfAttentionHeads = 2,
        NumCrossAttentionHeads = 2,
        QueryKeyChannels = 16,
        ValueChannels = 16,
        InitializerRange = 0.3,
    };

    internal static PerceiverCheckpoint Checkpoint { get; } = PerceiverCheckpoint.FromConfig(Config, 3);

    /// <summary>Rows whose classes alternate, so that each is there; the higher class has the larger numbers.</summary>
    internal static IDataView Rows(MLContext context, int count)
    {
        var random = new Random(5);
        return context.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(i =>
        {
            float[] Draw(int n) => [.. Enumerable.Range(0, n).Select(_ => 40 + 8 * (i % 2) + 4 * random.NextSingle())];
            return new Row
            {
                Any = Draw(2 * random.Next(1, 6)),
                Six = Draw(6),
                Grid = Draw(24),
                Film = Draw(24),
                A = Draw(1)[0],
                B = Draw(1)[0],
                Class = i % 2 == 0 ? "low" : "high",
                Truth = i % 2 == 1,
                Number = 1000 + 50 * (i % 2),
            };
        }).ToArray());
    }

    /// <summary>As <see cref="Rows"/>, with the class as a key.</summary>
    internal static IDataView Keyed(MLContext context, int count)
    {
        var rows = Rows(context, count);
        return context.Transforms.Conversion.MapValueToKey("Key", "Class").Fit(rows).Transform(rows);
    }

    /// <summary>Rows with these vectors, whose labels alternate.</summary>
    internal static IDataView Of(MLContext context, params float[][] vectors) => context.Data.LoadFromEnumerable(
        vectors.Select((v, i) => new AnyRow { Any = v, Truth = i % 2 == 1 }));

    internal sealed class AnyRow
    {
        public float[] Any { get; set; } = [];

        public bool Truth { get; set; }
    }

    internal sealed class Row
    {
        public float[] Any { get; set; } = [];

        [VectorType(6)]
        public float[] Six { get; set; } = [];

        [VectorType(4, 6)]
        public float[] Grid { get; set; } = [];

        [VectorType(2, 2, 2, 3)]
        public float[] Film { get; set; } = [];

        public float A { get; set; }

        public float B { get; set; }

        public string Class { get; set; } = "";

        public bool Truth { get; set; }

        public float Number { get; set; }
    }
}
