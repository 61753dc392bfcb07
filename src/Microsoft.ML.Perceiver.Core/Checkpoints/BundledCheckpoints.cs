using System.Reflection;
using Microsoft.ML.Perceiver.Models;

namespace Microsoft.ML.Perceiver;

/// <summary>Finds the models of the packages Microsoft.ML.Perceiver.Models.*.</summary>
internal static class BundledCheckpoints
{
    private const string Folder = "perceiver-models", Assemblies = "Microsoft.ML.Perceiver.Models";

    /// <summary>The folder of a model.</summary>
    /// <exception cref="ArgumentException">There is no such model; the message lists those that there are.</exception>
    /// <exception cref="DirectoryNotFoundException">The program does not have the model; the message names its package.</exception>
    internal static string Find(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (TryFind(name) is { } folder)
            return folder;
        string beside = Beside;
        if (BundledModels.Packages.TryGetValue(name, out string? package))
        {
            string packages = $"{Prefix()}.Models";
            throw new DirectoryNotFoundException(
                $"The model '{name}' is not with this program. Add the package {packages}.{package}, or {packages} for all models; "
                + $"it puts the model into '{beside}'.");
        }

        var names = ModelsIn(beside).Select(d => Path.GetFileName(d)).Union(BundledModels.Packages.Keys).Order(StringComparer.Ordinal);
        throw new ArgumentException($"There is no bundled model '{name}'; there are {string.Join(", ", names)}.", nameof(name));
    }

    /// <summary>The folder of a model; null where the program does not have it.</summary>
    internal static string? TryFind(string name)
    {
        IEnumerable<string> roots = BundledModels.Packages.TryGetValue(name, out string? package)
            ? [Beside, .. RootsIn($"{Assemblies}.{package}")]
            : [Beside];
        return roots.SelectMany(ModelsIn).FirstOrDefault(d => Path.GetFileName(d) == name);
    }

    private static string Beside => Path.Combine(AppContext.BaseDirectory, Folder);

    private static IEnumerable<string> ModelsIn(string root) => !Directory.Exists(root)
        ? []
        : Directory.GetDirectories(root).Where(d => CheckpointFiles.Weights.Any(name => File.Exists(Path.Combine(d, name))));

    // A notebook has no output folder; the assembly is in its package then.
    private static IEnumerable<string> RootsIn(string assembly)
    {
        if (Location(assembly) is { Length: > 0 } file)
        {
            string folder = Path.GetDirectoryName(file)!;
            yield return Path.Combine(folder, Folder);
            yield return Path.GetFullPath(Path.Combine(folder, "..", "..", Folder));
        }
    }

    private static string? Location(string assembly)
    {
        try
        {
            return Assembly.Load(assembly).Location;
        }
        catch (Exception e) when (e is FileNotFoundException or FileLoadException or BadImageFormatException)
        {
            return null;
        }
    }

    // What the packages' names begin with, where they were made under another name.
    private static string Prefix() => typeof(BundledCheckpoints).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(a => a.Key == "PackageIdPrefix").Value!;
}
