using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Microsoft.ML.Perceiver;

/// <content>Reading and writing as the reference's <c>save_pretrained</c> does.</content>
public sealed partial class PerceiverTokenizer
{
    internal const string ConfigFile = "tokenizer_config.json";
    internal const string TokensFile = "special_tokens_map.json";

    /// <summary>The files that a tokenizer can have in a checkpoint's folder.</summary>
    internal static readonly string[] FileNames = [ConfigFile, TokensFile, TokenizerFolder.AddedTokensFile];

    /// <summary>The keys of the special tokens, in the order of their ids.</summary>
    internal static readonly string[] Keys = ["pad_token", "bos_token", "eos_token", "mask_token", "cls_token", "sep_token"];

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Reads the tokenizer of a checkpoint's folder; settings that the files do not have take their defaults.</summary>
    /// <param name="directory">The folder.</param>
    /// <returns>The tokenizer.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FormatException">
    /// A file is damaged, or has tokens that this tokenizer does not: added ones, or special ones that take the spaces beside them.
    /// </exception>
    public static PerceiverTokenizer FromDirectory(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        if (!Directory.Exists(directory))
            throw new DirectoryNotFoundException($"There is no tokenizer folder '{directory}'.");
        var map = ReadObject(Path.Combine(directory, TokensFile));
        var config = ReadObject(Path.Combine(directory, ConfigFile));
        var defaults = new PerceiverTokenizerOptions();
        TokenizerFolder.Check(directory, config, map, ReadObject(Path.Combine(directory, TokenizerFolder.AddedTokensFile)));
        string[] tokens = Keys.Select((k, i) => Token(config[k]) ?? Token(map[k]) ?? defaults.SpecialTokens[i]).ToArray();
        try
        {
            return new PerceiverTokenizer(new PerceiverTokenizerOptions
            {
                PadToken = tokens[0],
                BosToken = tokens[1],
                EosToken = tokens[2],
                MaskToken = tokens[3],
                ClsToken = tokens[4],
                SepToken = tokens[5],
                // Some files say "no limit" with a number of thirty digits.
                ModelMaxLength = config["model_max_length"] is { } n
                    ? (int)Math.Min(n.GetValue<double>(), int.MaxValue)
                    : defaults.ModelMaxLength,
                PaddingSide = Side(config["padding_side"]),
                TruncationSide = Side(config["truncation_side"]),
                CleanUpTokenizationSpaces =
                    config["clean_up_tokenization_spaces"]?.GetValue<bool>() ?? defaults.CleanUpTokenizationSpaces,
                SplitSpecialTokens = config["split_special_tokens"]?.GetValue<bool>() ?? defaults.SplitSpecialTokens,
            });
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or FormatException)
        {
            throw new FormatException($"The tokenizer files in '{directory}' are damaged: {e.Message}", e);
        }
    }

    /// <summary>
    /// Writes tokenizer_config.json and special_tokens_map.json, which <see cref="FromDirectory"/> and Hugging Face's <c>AutoTokenizer</c>
    /// read. An added_tokens.json of another tokenizer is deleted.
    /// </summary>
    /// <param name="directory">The folder; it is made where it is missing.</param>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public void SavePretrained(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        foreach (var (name, text) in Files())
            AtomicFile.WriteText(Path.Combine(directory, name), text);
        File.Delete(Path.Combine(directory, TokenizerFolder.AddedTokensFile));
    }

    /// <summary>As <see cref="SavePretrained"/>, which has the reference's name.</summary>
    /// <inheritdoc cref="SavePretrained"/>
    public void SaveTo(string directory) => SavePretrained(directory);

    /// <summary>The files by their names, with their texts.</summary>
    internal IReadOnlyList<(string Name, string Text)> Files()
    {
        var map = new JsonObject();
        var added = new JsonObject();
        for (int id = 0; id < _special.Length; id++)
            added[id.ToString(CultureInfo.InvariantCulture)] = AddedToken(_special[id], special: true);
        var config = new JsonObject { ["added_tokens_decoder"] = added };
        foreach (var (key, token) in Keys.Zip(_special))
        {
            map[key] = AddedToken(token, special: false);
            config[key] = token;
        }

        config["clean_up_tokenization_spaces"] = Options.CleanUpTokenizationSpaces;
        config["model_max_length"] = Options.ModelMaxLength;
        if (Options.SplitSpecialTokens)
            config["split_special_tokens"] = true;
        config["tokenizer_class"] = nameof(PerceiverTokenizer);
        if (Options.PaddingSide != PerceiverTokenizerSide.Right)
            config["padding_side"] = "left";
        if (Options.TruncationSide != PerceiverTokenizerSide.Right)
            config["truncation_side"] = "left";
        return [(TokensFile, ToText(map)), (ConfigFile, ToText(config))];
    }

    private static JsonObject AddedToken(string content, bool special)
    {
        var token = new JsonObject
        {
            ["content"] = content,
            ["lstrip"] = false,
            ["normalized"] = true,
            ["rstrip"] = false,
            ["single_word"] = false,
        };
        if (special)
            token["special"] = true;
        return token;
    }

    // With the keys in alphabetical order, as the reference writes them.
    private static string ToText(JsonObject content)
    {
        var sorted = content.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone()));
        return IndentedJson.Of(new JsonObject(sorted), Indented);
    }

    private static JsonObject ReadObject(string path)
    {
        if (!File.Exists(path))
            return [];
        try
        {
            return PythonJson.ReadObject(SmallFile.ReadText(path)) ?? throw new FormatException($"'{path}' holds no JSON object.");
        }
        catch (JsonException e)
        {
            throw new FormatException($"'{path}' is damaged: {e.Message}", e);
        }
    }

    // A token is given as a text, or as an object with the text in it.
    internal static string? Token(JsonNode? node) => node switch
    {
        JsonValue value when value.TryGetValue(out string? text) => text,
        JsonObject token => Token(token["content"]),
        _ => null,
    };

    private static PerceiverTokenizerSide Side(JsonNode? node) => node?.GetValue<string>() switch
    {
        null or "right" => PerceiverTokenizerSide.Right,
        "left" => PerceiverTokenizerSide.Left,
        var other => throw new FormatException($"'{other}' is no side."),
    };
}
