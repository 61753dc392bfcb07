using System.Runtime.Versioning;
using System.Security.Cryptography;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// The weakened copy of <c>libLibTorchSharp.so</c> for systems whose libstdc++ is older than GLIBCXX_3.4.32 (GCC 13), such as Debian 12 and
/// Ubuntu 22.04. The one symbol of that version only marks that the library initialises iostreams. Nothing in TorchSharp refers to it, and
/// older libraries initialise iostreams themselves.
/// </summary>
internal static class WeakenedLibrary
{
    internal const string Library = "libstdc++.so.6", Version = "GLIBCXX_3.4.32", Symbol = "_ZSt21ios_base_library_initv";

    /// <summary>Writes the weakened copy of a library into a folder, unless it is there already, and returns its path.</summary>
    /// <param name="original">The library as packaged.</param>
    /// <param name="folder">A folder only this user can write.</param>
    /// <exception cref="InvalidOperationException">Weakening would not be safe.</exception>
    /// <exception cref="FormatException">The library is malformed.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    [SupportedOSPlatform("linux")]
    internal static string Write(ElfFile original, PrivateFolder folder)
    {
        byte[] weakened = ElfWeakening.Weaken(original, Library, Version, Symbol);
        string name = Convert.ToHexStringLower(SHA256.HashData(original.Content.Span));
        string path = Path.Combine(folder.Path, $"libLibTorchSharp-{name}.so");
        if (!IsIntact(path, weakened))
            Replace(path, weakened);
        return path;
    }

    // The right copy is in memory anyway, so that a cached one is compared with its hash before it is trusted.
    [SupportedOSPlatform("linux")]
    private static bool IsIntact(string path, byte[] expected)
    {
        if (!PrivateFolder.IsOwnFile(path))
            return false;
        using var file = File.OpenRead(path);
        return file.Length == expected.Length && SHA256.HashData(file).AsSpan().SequenceEqual(SHA256.HashData(expected));
    }

    // A rename is atomic: processes that start together each write their own file, and each finds a whole file of the name. A copy that
    // another process has mapped keeps its inode and does not change.
    [SupportedOSPlatform("linux")]
    private static void Replace(string path, byte[] content)
    {
        string temporary = $"{path}.{Environment.ProcessId}.{Guid.NewGuid():N}";
        try
        {
            using (var file = new FileStream(temporary, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }))
                file.Write(content);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
