using System.Runtime.InteropServices;

namespace Microsoft.ML.Perceiver;

/// <summary>Where the packages put native libraries.</summary>
internal static class NativeFiles
{
    /// <summary>The first folder that has a file, among those that .NET itself would look in; null for none.</summary>
    internal static string? FolderOf(string fileName) => Folders().FirstOrDefault(f => File.Exists(Path.Combine(f, fileName)));

    internal static IEnumerable<string> Folders()
    {
        string rid = RuntimeInformation.RuntimeIdentifier;
        var roots = new List<string> { AppContext.BaseDirectory };
        if (typeof(TorchSharp.torch).Assembly.Location is { Length: > 0 } torchSharp)
        {
            roots.Add(Path.GetDirectoryName(torchSharp)!);
            // lib/<framework>/TorchSharp.dll of the package itself, as notebooks load it.
            roots.Add(Path.GetFullPath(Path.Combine(Path.GetDirectoryName(torchSharp)!, "..", "..")));
        }

        var searched = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") is string list
            ? list.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries) : [];
        return roots
            .SelectMany(r => new[] { r, Path.Combine(r, "runtimes", rid, "native"), Path.Combine(r, "runtimes", "linux-x64", "native") })
            .Concat(searched)
            .Distinct(StringComparer.Ordinal);
    }
}
