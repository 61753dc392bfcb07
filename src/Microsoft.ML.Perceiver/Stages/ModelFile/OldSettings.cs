using System.Text.Json.Nodes;

namespace Microsoft.ML.Perceiver;

/// <summary>Model files that were saved before what <c>Fit</c> finds out had an entry of its own: one entry had all of it.</summary>
internal static class OldSettings
{
    /// <summary>Gives the settings the names that options have today, in place; what was found stands among them.</summary>
    internal static JsonObject Convert(JsonObject settings)
    {
        // Features kept those of their texts or images in an object of their own.
        foreach (string part in (string[])["Text", "Image"])
        {
            if (settings[part] is JsonObject own)
                MoveUp(settings, own);
        }

        if (settings["Top"] is JsonObject top)
        {
            settings["TopK"] = top["Count"]?.DeepClone();
            settings["TopLabelsColumnName"] = top["Labels"]?.DeepClone();
            settings["TopScoresColumnName"] = top["Scores"]?.DeepClone();
        }

        return settings;
    }

    private static void MoveUp(JsonObject settings, JsonObject own)
    {
        foreach (var (name, value) in own)
            settings[name] = value?.DeepClone();
    }
}
