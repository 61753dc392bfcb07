using System.Diagnostics;
using System.Reflection;

namespace Microsoft.ML.Perceiver;

/// <summary>Where native files lie: the program's packages, the package cache, and what is already in the process.</summary>
internal static class NativeFiles
{
    /// <summary>The libtorch release that the referenced TorchSharp is built for.</summary>
    public const string LibTorchVersion = "2.10.0";

    /// <summary>
    /// The folders in which packages put native files, in the order of trust: what the host was told, next to the
    /// program, next to TorchSharp, then the package cache (notebooks, and programs run where they were built).
    /// </summary>
    public static IReadOnlyList<string> PackageFolders(Assembly torchSharp, string runtimeIdentifier)
    {
        var folders = new List<string>();
        if (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") is string told)
            folders.AddRange(told.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries));

        var native = Path.Combine("runtimes", runtimeIdentifier, "native");
        // Assembly.Location is empty in a single-file program; then the program's own folder is the only one.
        var beside = Path.GetDirectoryName(torchSharp.Location);
        foreach (var root in new[] { AppContext.BaseDirectory, beside, Environment.ProcessPath is { } exe ? Path.GetDirectoryName(exe) : null })
            if (!string.IsNullOrEmpty(root))
                folders.AddRange([root, Path.Combine(root, native)]);

        var cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES");
        if (string.IsNullOrEmpty(cache))
            cache = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        folders.Add(Path.Combine(cache, "torchsharp", Version(torchSharp), native));
        folders.Add(Path.Combine(cache, $"libtorch-cpu-{runtimeIdentifier}", LibTorchVersion, native));
        return folders.Where(Path.IsPathRooted).Select(f => Path.TrimEndingDirectorySeparator(Path.GetFullPath(f))).Distinct().Where(Directory.Exists).ToArray();
    }

    /// <summary>TorchSharp's package version.</summary>
    public static string Version(Assembly torchSharp) =>
        torchSharp.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
        ?? torchSharp.GetName().Version?.ToString(3) ?? "";

    /// <summary>The path from which a library of this file name, or name prefix, is in the process; null when none is.</summary>
    public static string? FindMapped(string name, bool prefix = false)
    {
        using var process = Process.GetCurrentProcess();
        foreach (ProcessModule module in process.Modules)
            using (module)
                if (prefix ? module.ModuleName.StartsWith(name, StringComparison.Ordinal) : module.ModuleName == name)
                    return module.FileName;
        return null;
    }

    /// <summary>The path with all links resolved, so that two names of one file compare equal.</summary>
    public static string Canonical(string path)
    {
        if (!OperatingSystem.IsLinux() || !File.Exists(path))
            return Path.GetFullPath(path);
        using var file = File.OpenHandle(path);
        // The kernel has resolved every link on the way; .NET alone resolves the last one.
        return File.ResolveLinkTarget($"/proc/self/fd/{file.DangerousGetHandle()}", returnFinalTarget: false)?.FullName ?? Path.GetFullPath(path);
    }
}
