using System.Globalization;
using System.Text.Json.Nodes;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Refuses tokenizer files that ask for what <see cref="PerceiverTokenizer"/> does not do: left out, they would change the ids of texts
/// without a word.
/// </summary>
internal static class TokenizerFolder
{
    internal const string AddedTokensFile = "added_tokens.json";

    private static readonly string[] Spaces = ["lstrip", "rstrip", "single_word"];

    /// <summary>Checks the files of a folder.</summary>
    /// <param name="directory">The folder, for messages.</param>
    /// <param name="config">tokenizer_config.json.</param>
    /// <param name="map">special_tokens_map.json.</param>
    /// <param name="added">added_tokens.json, the text and the id of each added token.</param>
    /// <exception cref="FormatException">The message names the token.</exception>
    internal static void Check(string directory, JsonObject config, JsonObject map, JsonObject added)
    {
        var defaults = new PerceiverTokenizerOptions().SpecialTokens;
        string[] special = [.. PerceiverTokenizer.Keys.Select((key, id) =>
            PerceiverTokenizer.Token(config[key]) ?? PerceiverTokenizer.Token(map[key]) ?? defaults[id])];
        foreach (string key in PerceiverTokenizer.Keys)
        {
            RefuseSpaces(config[key]);
            RefuseSpaces(map[key]);
        }

        foreach (var (text, id) in added)
            Require(text, PythonJson.WholeNumber(id));
        foreach (var (id, token) in config["added_tokens_decoder"] as JsonObject ?? [])
        {
            RefuseSpaces(token);
            Require(
                PerceiverTokenizer.Token(token),
                int.TryParse(id, NumberStyles.Integer, CultureInfo.InvariantCulture, out int number) ? number : null);
        }

        foreach (var file in new[] { config, map })
            CheckAdditional(file["additional_special_tokens"]);

        void CheckAdditional(JsonNode? tokens)
        {
            foreach (var token in tokens as JsonArray ?? [])
            {
                RefuseSpaces(token);
                if (!special.Contains(PerceiverTokenizer.Token(token)))
                    throw Refused($"the additional special token '{PerceiverTokenizer.Token(token)}'");
            }
        }

        void Require(string? text, int? id)
        {
            if (id is not (>= 0 and < PerceiverTokenizer.FirstByteId) || special[id.Value] != text)
                throw Refused($"the added token '{text}' of the id {id?.ToString(CultureInfo.InvariantCulture) ?? "none"}");
        }

        void RefuseSpaces(JsonNode? token)
        {
            foreach (string key in Spaces)
            {
                if (token is JsonObject described && PythonJson.IsTrue(described[key]))
                    throw Refused($"the token '{PerceiverTokenizer.Token(token)}' with {key}");
            }
        }

        FormatException Refused(string what) => new(
            $"The tokenizer files in '{directory}' have {what}, which this tokenizer does not have: its ids are six special tokens, "
            + $"{string.Join(", ", special)}, and 256 bytes.");
    }
}
