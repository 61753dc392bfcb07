using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microsoft.ML.Perceiver;

/// <summary>A size in preprocessor_config.json: <c>{"height": 224, "width": 224}</c>, or the side of a square in old files.</summary>
internal sealed class ImageSizeJson : JsonConverter<PerceiverImageSize>
{
    public override PerceiverImageSize Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        var value = document.RootElement;
        if (TryGetSide(value, out int side))
            return new PerceiverImageSize(side);
        // A size with a key "shortest_edge", as of other processors, would give images of another shape.
        if (value.ValueKind == JsonValueKind.Object && value.EnumerateObject().All(p => p.Name is "height" or "width")
            && value.TryGetProperty("height", out var h) && TryGetSide(h, out int height)
            && value.TryGetProperty("width", out var w) && TryGetSide(w, out int width))
        {
            return new PerceiverImageSize(height, width);
        }

        throw new JsonException($"{value.GetRawText()} is no size; it must be a whole number, or an object of height and width.");
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
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out side);
    }
}
