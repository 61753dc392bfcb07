using System.Reflection;

namespace Microsoft.ML.Perceiver;

/// <summary>Finds the models of the package Microsoft.ML.Perceiver.Models.</summary>
internal static class BundledCheckpoints
{
    private const string Folder = "perceiver-models", Package = "Microsoft.ML.Perceiver.Models";

    /// <summary>The folder of a model.</summary>
    /// <exception cref="ArgumentException">There is no such model; the message lists those that there are.</exception>
    /// <exception cref="DirectoryNotFoundException">The program has no bundled models.</exception>
    internal static string Find(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        string[] roots = Roots().Where(Directory.Exists).Distinct().ToArray();
        if (roots.Length == 0)
        {
            throw new DirectoryNotFoundException(
                $"There are no bundled models with this program. Add the package {Package}, "
                + $"which puts them into '{Path.Combine(AppContext.BaseDirectory, Folder)}'.");
        }

        string[] folders = roots
            .SelectMany(Directory.GetDirectories)
            .Where(d => File.Exists(Path.Combine(d, CheckpointFiles.SafeTensors)))
            .ToArray();
        if (folders.FirstOrDefault(d => Path.GetFileName(d) == name) is { } folder)
            return folder;
        var names = folders.Select(Path.GetFileName).Order(StringComparer.Ordinal);
        throw new ArgumentException($"There is no bundled model '{name}'; there are {string.Join(", ", names)}.", nameof(name));
    }

    private static IEnumerable<string> Roots()
    {
        yield return Path.Combine(AppContext.BaseDirectory, Folder);
        // A notebook has no output folder; the assembly is in its package then.
        if (Location() is { Length: > 0 } assembly)
        {
            string beside = Path.GetDirectoryName(assembly)!;
            yield return Path.Combine(beside, Folder);
            yield return Path.GetFullPath(Path.Combine(beside, "..", "..", Folder));
        }
    }

    private static string? Location()
    {
        try
        {
            return Assembly.Load(Package).Location;
        }
        catch (Exception e) when (e is FileNotFoundException or FileLoadException or BadImageFormatException)
        {
            return null;
        }
    }
}
