using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// The settings of a run in its folder, twice: <c>config.json</c>, for people too, and a copy beside the checkpoints. A damaged file does
/// not keep a training from its checkpoints as long as the other one is whole.
/// </summary>
/// <param name="file">The file.</param>
/// <param name="copy">The copy; runs of earlier versions have none.</param>
/// <param name="log">Gets a warning where a file is damaged.</param>
internal sealed class RunSettingsFiles(string file, string copy, ILogger log)
{
    /// <summary>Checks that a training has the settings of the run. One file that says so is enough.</summary>
    /// <param name="settings">The training's settings.</param>
    /// <param name="folder">The run's folder, for messages.</param>
    /// <exception cref="InvalidOperationException">It has others; the message names the first difference.</exception>
    internal void Compare(JsonObject settings, string folder)
    {
        var now = JsonNode.Parse(settings.ToJsonString(RunJson.Indented));
        JsonNode?[] saved = [Read(file), Read(copy)];
        if (saved.All(s => s is null))
        {
            if (File.Exists(file))
                TrainingLog.SettingsLost(log, file);
            return;
        }

        if (!saved.Any(s => s is not null && JsonNode.DeepEquals(s, now)))
            RunSettings.Compare(saved.First(s => s is not null), now, folder);
        else if (File.Exists(file) && !JsonNode.DeepEquals(saved[0], now))
            TrainingLog.SettingsWrittenAgain(log, file, copy);
    }

    /// <summary>Writes both.</summary>
    internal void Write(JsonObject settings)
    {
        string text = settings.ToJsonString(RunJson.Indented);
        AtomicFile.WriteText(file, text);
        AtomicFile.WriteText(copy, text);
    }

    // Null where there is no file, or a damaged one.
    private static JsonObject? Read(string path)
    {
        try
        {
            return File.Exists(path) ? RunJson.ParseStrictly(SmallFile.ReadText(path)) as JsonObject : null;
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            return null;
        }
    }
}
