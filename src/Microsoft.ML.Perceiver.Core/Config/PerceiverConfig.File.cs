namespace Microsoft.ML.Perceiver;

/// <content>The file, and the check of what it says.</content>
public sealed partial record PerceiverConfig
{
    /// <summary>Checks that a model can be built from these numbers, each of which has a limit far above the published models'.</summary>
    /// <exception cref="ArgumentException">A number is out of range, or two do not fit each other; the message names the key.</exception>
    public void Validate() => PerceiverConfigChecks.Check(this);

    /// <summary>Reads a configuration from the text of a <c>config.json</c>; keys that are missing take their defaults.</summary>
    /// <param name="json">The file's text.</param>
    /// <returns>The configuration.</returns>
    /// <exception cref="FormatException">The text is no configuration.</exception>
    public static PerceiverConfig FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return PerceiverConfigJson.Parse(json, FileName);
    }

    /// <summary>Reads a <c>config.json</c>.</summary>
    /// <param name="path">The file, or its folder.</param>
    /// <returns>The configuration.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FormatException">The file is damaged or belongs to another kind of model.</exception>
    public static PerceiverConfig FromFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string file = Directory.Exists(path) ? Path.Combine(path, FileName) : path;
        if (!File.Exists(file))
            throw new FileNotFoundException($"There is no configuration at '{file}'.", file);
        return PerceiverConfigJson.Parse(SmallFile.ReadText(file), file);
    }

    /// <summary>The text of a <c>config.json</c> that Hugging Face's <c>PerceiverConfig.from_pretrained</c> reads.</summary>
    /// <returns>JSON, indented.</returns>
    public string ToJson() => PerceiverConfigJson.Write(this);
}
