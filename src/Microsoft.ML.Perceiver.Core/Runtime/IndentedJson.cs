using System.Text.Json;
using System.Text.Json.Nodes;

namespace Microsoft.ML.Perceiver;

/// <summary>The text of JSON files, which is the same on every system.</summary>
internal static class IndentedJson
{
    /// <summary>
    /// The text of a file: its lines end with a line feed, and so does the file. <c>JsonSerializerOptions.NewLine</c> is not in .NET 8;
    /// within strings a carriage return is escaped, so that only ends of lines are replaced.
    /// </summary>
    /// <param name="node">What the file says.</param>
    /// <param name="options">How it is written, with <see cref="JsonSerializerOptions.WriteIndented"/>.</param>
    internal static string Of(JsonNode node, JsonSerializerOptions options) =>
        node.ToJsonString(options).Replace("\r\n", "\n", StringComparison.Ordinal) + "\n";
}
