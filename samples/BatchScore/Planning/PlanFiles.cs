using System.Globalization;
using System.Text.Json;
using BatchScore.Inputs;
using BatchScore.Outputs;

namespace BatchScore.Planning;

/// <summary>Writes a plan and reads it.</summary>
internal static class PlanFiles
{
    private const string OptionsName = "options.json", InputsName = "inputs.tsv", ShardsName = "shards.tsv";
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true };

    /// <summary>Whether there is a plan.</summary>
    /// <param name="folder">The plan's folder.</param>
    public static bool Exist(string folder) => Directory.Exists(folder);

    /// <summary>Writes a plan. It is there as a whole or not at all; one that is there already stays.</summary>
    /// <param name="folder">The plan's folder.</param>
    /// <param name="plan">The plan.</param>
    public static void Write(string folder, Plan plan)
    {
        string unfinished = $"{folder}.{OutFolder.OwnName()}.tmp";
        Directory.CreateDirectory(unfinished);
        WriteWhole(Path.Combine(unfinished, OptionsName), [JsonSerializer.Serialize(plan.Options, s_json)]);
        WriteWhole(Path.Combine(unfinished, InputsName), plan.Inputs.Select(input => Line(
            TsvText.Escape(input.Name), TsvText.Escape(input.Path), input.Length, input.Ticks, input.Rows)));
        WriteWhole(Path.Combine(unfinished, ShardsName), plan.Shards.Select(shard => Line(
            shard.Number, shard.File, shard.Row, shard.Offset, shard.Rows)));
        try
        {
            Directory.Move(unfinished, folder);
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            // Another process was first; whoever asked for this plan compares it with that one.
            Directory.Delete(unfinished, recursive: true);
        }
    }

    /// <summary>Reads a plan.</summary>
    /// <param name="folder">The plan's folder.</param>
    /// <exception cref="FormatException">It is damaged.</exception>
    public static Plan Read(string folder)
    {
        try
        {
            var options = JsonSerializer.Deserialize<JobOptions>(File.ReadAllText(Path.Combine(folder, OptionsName)))
                ?? throw new FormatException($"{OptionsName} is empty.");
            var inputs = File.ReadLines(Path.Combine(folder, InputsName)).Select(Fields).Select(fields => new InputFile(
                TsvText.Unescape(fields[0]), TsvText.Unescape(fields[1]), Number(fields[2]), Number(fields[3]), Number(fields[4])));
            var shards = File.ReadLines(Path.Combine(folder, ShardsName)).Select(Fields).Select(fields => new Shard(
                (int)Number(fields[0]), (int)Number(fields[1]), Number(fields[2]), Number(fields[3]), Number(fields[4])));
            return new Plan(options, [.. inputs], [.. shards]);
        }
        catch (Exception e) when (e is JsonException or FormatException or FileNotFoundException)
        {
            throw new FormatException($"The plan in '{folder}' is damaged: {e.Message} Delete the job's folder, or take another --out.", e);
        }
    }

    private static string Line(params object[] fields) => string.Join('\t', fields);

    private static string[] Fields(string line)
    {
        string[] fields = line.Split('\t');
        return fields.Length == 5 ? fields : throw new FormatException($"A line has {fields.Length} fields, not 5.");
    }

    private static long Number(string field) => long.Parse(field, NumberStyles.None, CultureInfo.InvariantCulture);

    private static void WriteWhole(string path, IEnumerable<string> lines)
    {
        using var stream = File.Create(path);
        using var writer = new StreamWriter(stream) { NewLine = "\n" };
        foreach (string line in lines)
            writer.WriteLine(line);
        writer.Flush();
        stream.Flush(flushToDisk: true);
    }
}
