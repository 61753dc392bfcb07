using System.Reflection;

namespace Microsoft.ML.Perceiver;

/// <summary>Where the models of the package Microsoft.ML.Perceiver.Models lie.</summary>
internal static class BundledCheckpoints
{
    private const string Folder = "perceiver-models", Package = "Microsoft.ML.Perceiver.Models";

    /// <summary>The folder of a model.</summary>
    /// <exception cref="ArgumentException">There is none of the name; the message names those that there are.</exception>
    /// <exception cref="DirectoryNotFoundException">The program has no models with it.</exception>
    internal static string Find(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        string[] roots = Roots().Where(Directory.Exists).Distinct().ToArray();
        if (roots.Length == 0)
            throw new DirectoryNotFoundException($"There are no bundled models with this program. Add the package {Package}, which puts them into '{Path.Combine(AppContext.BaseDirectory, Folder)}'.");
        string[] folders = roots.SelectMany(Directory.GetDirectories).Where(d => File.Exists(Path.Combine(d, CheckpointFiles.SafeTensors))).ToArray();
        return folders.FirstOrDefault(d => Path.GetFileName(d) == name)
            ?? throw new ArgumentException($"There is no bundled model '{name}'; there are {string.Join(", ", folders.Select(Path.GetFileName).Order(StringComparer.Ordinal))}.", nameof(name));
    }

    private static IEnumerable<string> Roots()
    {
        yield return Path.Combine(AppContext.BaseDirectory, Folder);
        // A notebook has no output folder; there the assembly lies in its package.
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
