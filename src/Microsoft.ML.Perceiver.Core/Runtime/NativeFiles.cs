using System.Diagnostics;
using System.Reflection;

namespace Microsoft.ML.Perceiver;

/// <summary>Finds native files: in the program's packages, in the package cache, and in the process.</summary>
internal static class NativeFiles
{
    /// <summary>The libtorch release that the referenced TorchSharp is built for.</summary>
    internal const string LibTorchVersion = "2.10.0";

    /// <summary>
    /// The folders in which packages put native files, in the order of trust: the host's search path, next to the program, next to
    /// TorchSharp, then the package cache (notebooks, and programs run where they were built).
    /// </summary>
    internal static IReadOnlyList<string> PackageFolders(Assembly torchSharp, string runtimeIdentifier)
    {
        var folders = new List<string>();
        if (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") is string paths)
            folders.AddRange(paths.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries));

        string native = Path.Combine("runtimes", runtimeIdentifier, "native");
        // Assembly.Location is empty in a single-file program; then the program's own folder is the only one.
        string? beside = Path.GetDirectoryName(torchSharp.Location);
        string? program = Path.GetDirectoryName(Environment.ProcessPath);
        foreach (string? root in (string?[])[AppContext.BaseDirectory, beside, program])
        {
            if (!string.IsNullOrEmpty(root))
                folders.AddRange([root, Path.Combine(root, native)]);
        }

        string cache = PackageCache;
        folders.Add(Path.Combine(cache, "torchsharp", Version(torchSharp), native));
        folders.Add(Path.Combine(cache, $"libtorch-cpu-{runtimeIdentifier}", LibTorchVersion, native));
        return folders
            .Where(Path.IsPathRooted)
            .Select(f => Path.TrimEndingDirectorySeparator(Path.GetFullPath(f)))
            .Distinct()
            .Where(Directory.Exists)
            .ToArray();
    }

    /// <summary>NuGet's cache of packages, where there is a folder of that name.</summary>
    internal static string PackageCache => Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } named
        ? named
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <summary>Whether a folder is within <see cref="PackageCache"/>.</summary>
    internal static bool IsInPackageCache(string folder)
    {
        string cache = Path.TrimEndingDirectorySeparator(Path.GetFullPath(PackageCache)) + Path.DirectorySeparatorChar;
        return Path.GetFullPath(folder).StartsWith(cache, StringComparison.Ordinal);
    }

    /// <summary>TorchSharp's package version.</summary>
    internal static string Version(Assembly torchSharp) =>
        torchSharp.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
        ?? torchSharp.GetName().Version?.ToString(3) ?? "";

    /// <summary>The path of the library of this file name, or name prefix, that is in the process; null for none.</summary>
    internal static string? FindMapped(string name, bool prefix = false)
    {
        using var process = Process.GetCurrentProcess();
        foreach (ProcessModule module in process.Modules)
        {
            using (module)
            {
                if (prefix ? module.ModuleName.StartsWith(name, StringComparison.Ordinal) : module.ModuleName == name)
                    return module.FileName;
            }
        }

        return null;
    }

    /// <summary>The path with all links resolved, so that two names of one file compare equal.</summary>
    internal static string Canonical(string path)
    {
        if (!OperatingSystem.IsLinux() || !RegularFile.Exists(path))
            return Path.GetFullPath(path);
        using var file = File.OpenHandle(path);
        // The kernel resolves all links of a path; .NET only the last one.
        string opened = $"/proc/self/fd/{file.DangerousGetHandle()}";
        return File.ResolveLinkTarget(opened, returnFinalTarget: false)?.FullName ?? Path.GetFullPath(path);
    }

    /// <summary>The folder, with all links resolved, of a file in a folder.</summary>
    internal static string? CanonicalFolder(string folder, string file) => Path.GetDirectoryName(Canonical(Path.Combine(folder, file)));
}
