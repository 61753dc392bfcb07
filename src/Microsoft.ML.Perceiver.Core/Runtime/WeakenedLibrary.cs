namespace Microsoft.ML.Perceiver;

/// <summary>
/// A private copy of TorchSharp's native library that loads with an older C++ runtime. The library was built with GCC 13, whose headers make
/// it ask for the symbol version GLIBCXX_3.4.32; the one symbol in it only makes sure that the streams are initialised, nothing calls it, and
/// the loader accepts its absence once the version is marked weak.
/// </summary>
internal static class WeakenedLibrary
{
    private const string HarmlessSymbol = "_ZSt21ios_base_library_initv";
    private const byte WeakFlag = 2;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>The bytes of the copy: those of the original but for the weak flags.</summary>
    /// <exception cref="FormatException">The original is no such library, or needs its versions for more than the harmless symbol.</exception>
    internal static byte[] Weaken(byte[] original)
    {
        var harmless = ElfImage.ReadNeededVersions(original).Where(v => v.Symbols is [HarmlessSymbol]).ToArray();
        if (harmless.Length == 0)
            throw new FormatException($"No version it needs stands for '{HarmlessSymbol}' alone, so none can be left out.");
        byte[] copy = [.. original];
        foreach (var version in harmless)
            copy[version.FlagsOffset] |= WeakFlag;
        return copy;
    }

    /// <summary>Puts the copy into a folder that only this user can write, or finds it there.</summary>
    /// <param name="original">The path of TorchSharp's library.</param>
    /// <param name="cacheRoot">The folder of copies, or null for the user's cache.</param>
    /// <returns>The copy's path, and whether its folder serves this process alone and is to be deleted.</returns>
    internal static (string Path, bool IsTemporary) Prepare(string original, string? cacheRoot = null)
    {
        byte[] bytes = File.ReadAllBytes(original);
        byte[] wanted = Weaken(bytes);
        string name = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));
        string? cached = CacheFolder(cacheRoot, name);
        string folder = cached ?? Directory.CreateTempSubdirectory("microsoft-ml-perceiver-").FullName;
        string path = Path.Combine(folder, Path.GetFileName(original));
        // Compared byte for byte before each use: a copy that was cut short or changed is written again.
        if (!File.Exists(path) || !File.ReadAllBytes(path).AsSpan().SequenceEqual(wanted))
            AtomicFile.Write(path, stream => stream.Write(wanted));
        return (path, cached is null);
    }

    private static string? CacheFolder(string? cacheRoot, string name)
    {
        string? home = cacheRoot ?? UserCache();
        if (home is null)
            return null;
        try
        {
            string folder = Path.Combine(home, "microsoft-ml-perceiver", name);
            Claim(Path.Combine(home, "microsoft-ml-perceiver"));
            Claim(folder);
            return folder;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A home that cannot be written, or a folder that is not ours: a fresh one serves this process.
            return null;
        }
    }

    private static string? UserCache()
    {
        if (Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } named && Path.IsPathRooted(named))
            return named;
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return home.Length == 0 ? null : Path.Combine(home, ".cache");
    }

    private static void Claim(string folder)
    {
        if (!OperatingSystem.IsLinux())
            throw new PlatformNotSupportedException("Only Linux libraries are weakened.");
        Directory.CreateDirectory(folder, OwnerOnly);
        if (new DirectoryInfo(folder).LinkTarget is not null)
            throw new IOException($"'{folder}' is a link.");
        if (File.GetUnixFileMode(folder) != OwnerOnly)
        {
            // Others could have put a file there while they might; only the owner may change the mode, so this also asks whose it is.
            File.SetUnixFileMode(folder, OwnerOnly);
            foreach (string file in Directory.GetFiles(folder))
                File.Delete(file);
        }
        else
        {
            File.SetUnixFileMode(folder, OwnerOnly);
        }
    }
}
