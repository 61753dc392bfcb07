using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microsoft.ML.Perceiver;

/// <summary>A value for each channel in preprocessor_config.json: a list, or one number for all channels.</summary>
internal sealed class ChannelValuesJson : JsonConverter<IReadOnlyList<double>>
{
    public override IReadOnlyList<double> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number ? [reader.GetDouble()] : JsonSerializer.Deserialize<double[]>(ref reader, options)!;

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<double> value, JsonSerializerOptions options)
    {
        // The reference takes a list of one number for images of one channel, and a bare number for any image.
        if (value.Count == 1)
        {
            writer.WriteNumberValue(value[0]);
            return;
        }

        writer.WriteStartArray();
        foreach (double v in value)
            writer.WriteNumberValue(v);
        writer.WriteEndArray();
    }
}
