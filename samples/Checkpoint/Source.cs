using Microsoft.ML.Perceiver;

namespace Checkpoint;

/// <summary>Where a checkpoint lies.</summary>
internal static class Source
{
    /// <summary>A path as it is, a name of the hub as the folder of the cache that it was fetched to.</summary>
    public static string Find(string named, string revision)
    {
        if (Path.Exists(named) || named.Count(c => c == '/') != 1)
            return named;
        string shown = "";
        var progress = new Line(p =>
        {
            string start = shown == p.File ? "" : "\n";
            shown = p.File;
            Console.Error.Write($"\r{start}{shown} {p.Received >> 20} of {p.Total >> 20} MB");
        });
        var options = new PerceiverHubOptions { Progress = progress };
        string weights = PerceiverCheckpoint.FromHub(named, revision, options).Source;
        if (shown.Length > 0)
            Console.Error.WriteLine();
        return Path.GetDirectoryName(weights)!;
    }

    // Progress<T> would tell it on other threads, out of order.
    private sealed class Line(Action<PerceiverHubProgress> write) : IProgress<PerceiverHubProgress>
    {
        public void Report(PerceiverHubProgress value) => write(value);
    }
}
