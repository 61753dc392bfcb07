using System.Text.Json.Serialization;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// The size of a model with random weights; see <see cref="PerceiverPresets.Text"/> and <see cref="PerceiverPresets.Image"/>.
/// </summary>
[JsonConverter(typeof(JsonStringEnumConverter<PerceiverModelSize>))]
public enum PerceiverModelSize
{
    /// <summary>For some hundred rows, or little time.</summary>
    Tiny,

    /// <summary>For some thousand rows.</summary>
    Small,

    /// <summary>For ten thousand rows and more.</summary>
    Medium,
}
