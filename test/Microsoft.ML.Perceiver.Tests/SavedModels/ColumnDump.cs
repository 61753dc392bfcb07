using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver.Tests.SavedModels;

/// <summary>Columns of a data view as JSON: names, types, annotations and values; and how two of them differ.</summary>
internal static class ColumnDump
{
    // A value of them that lies between two bytes may be rounded to either.
    private const string Pixels = "Pixels";

    /// <summary>The columns of the names.</summary>
    internal static JsonArray Of(IDataView data, IEnumerable<string> columns) => [.. columns.Select(c => Column(data, data.Schema[c]))];

    /// <summary>Fails where two values differ by more than rounding does.</summary>
    /// <param name="expected">What was written.</param>
    /// <param name="found">What came out now.</param>
    /// <param name="tolerance">The share of one plus the number that numbers with a fraction may differ by.</param>
    /// <param name="path">Where the values stand, for messages.</param>
    internal static void AssertSame(JsonNode? expected, JsonNode? found, double tolerance, string path)
    {
        switch (expected, found)
        {
            case (JsonObject a, JsonObject b):
                CollectionAssert.AreEqual(a.Select(p => p.Key).ToArray(), b.Select(p => p.Key).ToArray(), path);
                foreach (var (name, value) in a)
                    AssertSame(value, b[name], tolerance, $"{path}.{name}");
                break;
            case (JsonArray a, JsonArray b) when path.EndsWith(Pixels, StringComparison.Ordinal):
                Assert.HasCount(a.Count, b, path);
                for (int i = 0; i < a.Count; i++)
                    Assert.AreEqual((int)a[i]!, (int)b[i]!, 1, $"{path}[{i}]");
                break;
            case (JsonArray a, JsonArray b):
                Assert.HasCount(a.Count, b, path);
                for (int i = 0; i < a.Count; i++)
                    AssertSame(a[i], b[i], tolerance, $"{path}[{i}]");
                break;
            case (JsonValue a, JsonValue b) when IsFraction(a) || IsFraction(b):
                Assert.AreEqual((double)a, (double)b, tolerance * (1 + Math.Abs((double)a)), path);
                break;
            default:
                Assert.AreEqual(expected?.ToJsonString(), found?.ToJsonString(), path);
                break;
        }
    }

    private static bool IsFraction(JsonValue value) =>
        value.GetValueKind() == JsonValueKind.Number && value.ToJsonString().AsSpan().ContainsAny('.', 'E');

    private static JsonObject Column(IDataView data, DataViewSchema.Column column)
    {
        var annotations = new JsonObject();
        foreach (var annotation in column.Annotations.Schema)
            annotations[annotation.Name] = new JsonArray(annotation.Type.ToString(), Read(column.Annotations, annotation));
        var values = new JsonArray();
        using var cursor = data.GetRowCursor([column]);
        var read = Reader(cursor, column);
        while (cursor.MoveNext())
            values.Add(read());
        return new JsonObject
        {
            ["Name"] = column.Name,
            ["Type"] = column.Type.ToString(),
            ["Annotations"] = annotations,
            ["Values"] = values,
        };
    }

    private static JsonNode? Read(DataViewSchema.Annotations annotations, DataViewSchema.Column column) =>
        Call<JsonNode?>(column.Type, nameof(Annotation), nameof(Annotations), annotations, column.Name);

    private static Func<JsonNode?> Reader(DataViewRow row, DataViewSchema.Column column) =>
        Call<Func<JsonNode?>>(column.Type, nameof(Scalar), nameof(Vector), row, column);

    private static T Call<T>(DataViewType type, string scalar, string vector, params object[] arguments)
    {
        var item = type is VectorDataViewType { ItemType: var items } ? items.RawType : type.RawType;
        string name = type is VectorDataViewType ? vector : scalar;
        var method = typeof(ColumnDump).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static)!;
        return (T)method.MakeGenericMethod(item).Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments, null)!;
    }

    private static JsonNode? Annotation<T>(DataViewSchema.Annotations annotations, string name)
    {
        T value = default!;
        annotations.GetValue(name, ref value);
        return Node(value);
    }

    private static JsonArray Annotations<T>(DataViewSchema.Annotations annotations, string name)
    {
        VBuffer<T> values = default;
        annotations.GetValue(name, ref values);
        return [.. values.DenseValues().Select(Node)];
    }

    private static Func<JsonNode?> Scalar<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            getter(ref value);
            return Node(value);
        };
    }

    private static Func<JsonNode?> Vector<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<VBuffer<T>>(column);
        VBuffer<T> values = default;
        return () =>
        {
            getter(ref values);
            return new JsonArray([.. values.DenseValues().Select(Node)]);
        };
    }

    private static JsonNode? Node<T>(T value) => value switch
    {
        ReadOnlyMemory<char> text => text.ToString(),
        MLImage image => new JsonObject
        {
            ["Height"] = image.Height,
            ["Width"] = image.Width,
            [Pixels] = new JsonArray([.. RgbPlanes.Of(image.ToPerceiverImage()).Pixels.ToArray().Select(b => JsonValue.Create(b))]),
        },
        _ => JsonSerializer.SerializeToNode(value),
    };
}
