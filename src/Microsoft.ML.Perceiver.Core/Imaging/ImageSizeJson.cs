using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microsoft.ML.Perceiver;

/// <summary>A size in preprocessor_config.json: <c>{"height": 224, "width": 224}</c>, <c>[224, 224]</c>, or the side of a square.</summary>
internal sealed class ImageSizeJson : JsonConverter<PerceiverImageSize>
{
    public override PerceiverImageSize Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        var value = document.RootElement;
        if (TryGetSide(value, out int side))
            return new PerceiverImageSize(side);
        // In this order, as the reference reads a list.
        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 2
            && TryGetSide(value[0], out int rows) && TryGetSide(value[1], out int columns))
        {
            return new PerceiverImageSize(rows, columns);
        }

        // A size with a key "shortest_edge", as of other processors, would give images of another shape.
        if (value.ValueKind == JsonValueKind.Object && value.EnumerateObject().All(p => p.Name is "height" or "width")
            && value.TryGetProperty("height", out var h) && TryGetSide(h, out int height)
            && value.TryGetProperty("width", out var w) && TryGetSide(w, out int width))
        {
            return new PerceiverImageSize(height, width);
        }

        throw new JsonException(
            $"{value.GetRawText()} is no size; it must be a whole number, a list of height and width, or an object of both.");
    }

    public override void Write(Utf8JsonWriter writer, PerceiverImageSize value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteNumber("height", value.Height);
        writer.WriteNumber("width", value.Width);
        writer.WriteEndObject();
    }

    private static bool TryGetSide(JsonElement value, out int side)
    {
        side = 0;
        // Python writes 224.0 where a side was computed.
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out double number) || !double.IsInteger(number))
            return false;
        side = (int)Math.Clamp(number, int.MinValue, int.MaxValue);
        return true;
    }
}
