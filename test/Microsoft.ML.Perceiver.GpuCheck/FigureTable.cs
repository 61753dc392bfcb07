using System.Globalization;

namespace Microsoft.ML.Perceiver.GpuCheck;

/// <summary>This program's times beside those of transformers on the same device, weights and inputs.</summary>
internal static class FigureTable
{
    /// <summary>This program's figures: head, precision, batch and milliseconds, separated by tabs.</summary>
    internal const string OursName = "ours.tsv";

    // The peer's: head, precision, batch, milliseconds, how far our results are from its float32 ones, and how far its own are.
    private const string PeerName = "peer.tsv";
    private const int KeyFields = 3;

    /// <summary>Prints a row for each head, precision and batch; a dash stands for what was not measured.</summary>
    internal static int Print(string folder, string? summary)
    {
        var (ours, peer) = (Read(Path.Combine(folder, OursName)), Read(Path.Combine(folder, PeerName)));
        Console.WriteLine(Row("head", "precision", "batch", "ours ms", "transformers ms", "ratio", "max difference", "transformers' own"));
        foreach (string key in ours.Keys.Union(peer.Keys))
        {
            double[] mine = ours.GetValueOrDefault(key, []), other = peer.GetValueOrDefault(key, []);
            double milliseconds = At(mine, 0), theirs = At(other, 0), ratio = milliseconds / theirs;
            double difference = At(other, 1), own = At(other, 2);
            Console.WriteLine(Row([.. key.Split('\t'), Text(milliseconds), Text(theirs), Text(ratio), Text(difference), Text(own)]));
            string name = "gpu_" + key.Replace("\t", "_", StringComparison.Ordinal);
            (string Name, double Value, string Unit)[] figures =
            [
                ($"{name}_ms", milliseconds, "ms"),
                ($"{name}_transformers_ms", theirs, "ms"),
                ($"{name}_over_transformers", ratio, "ratio"),
                ($"{name}_max_diff", difference, ""),
                ($"{name}_transformers_max_diff", own, ""),
            ];
            Figures.Add(summary, figures.Where(f => !double.IsNaN(f.Value)));
        }

        Console.WriteLine(
            "Differences are from transformers' float32 results on this device. "
            + "Of multimodal it computed 2 of its 128 chunks; its time is that times 64.");
        return ours.Count > 0 ? 0 : 1;
    }

    private static Dictionary<string, double[]> Read(string path)
    {
        if (!File.Exists(path))
            return [];
        return File.ReadLines(path).Select(l => l.Split('\t')).ToDictionary(
            fields => string.Join('\t', fields[..KeyFields]),
            fields => fields[KeyFields..].Select(v => double.Parse(v, CultureInfo.InvariantCulture)).ToArray());
    }

    private static double At(double[] values, int index) => index < values.Length ? values[index] : double.NaN;

    private static string Text(double value) => double.IsNaN(value) ? "-" : value.ToString("g4", CultureInfo.InvariantCulture);

    private static string Row(params string[] cells) =>
        $"{cells[0],-15} {cells[1],-9} {cells[2],5} {cells[3],10} {cells[4],16} {cells[5],8} {cells[6],15} {cells[7],18}";
}
