using System.Runtime.Versioning;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// A folder for native code that only its user can write. Anyone who can change a library there can run code as that user; so the owner and
/// the mode are verified each time, and a folder that belongs to others or that others can write or replace is not used.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class PrivateFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // As many as Linux follows.
    private const int MostLinks = 40;

    private PrivateFolder(string path, bool isTemporary) => (Path, IsTemporary) = (path, isTemporary);

    internal string Path { get; }

    /// <summary>Whether the folder is deleted after the load.</summary>
    internal bool IsTemporary { get; }

    /// <summary>
    /// The user's cache folder (<c>$XDG_CACHE_HOME</c> or <c>~/.cache</c>) where it is safe, then a fresh temporary one.
    /// </summary>
    /// <param name="problems">Receives the reasons why folders were not used.</param>
    internal static IEnumerable<PrivateFolder> Candidates(List<string> problems)
    {
        string? root = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        // The XDG specification: a path that is not absolute is ignored.
        if (string.IsNullOrEmpty(root) || !System.IO.Path.IsPathRooted(root))
        {
            string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            root = home.Length == 0 ? null : System.IO.Path.Combine(home, ".cache");
        }

        if (root is not null && OpenOrCreate(System.IO.Path.Combine(root, "Microsoft.ML.Perceiver", "native"), problems) is { } cache)
            yield return cache;
        if (CreateTemporary(problems) is { } temporary)
            yield return temporary;
    }

    /// <summary>Opens the folder, or makes it where it is missing; null and a problem where it is not safe or not writable.</summary>
    internal static PrivateFolder? OpenOrCreate(string path, List<string> problems)
    {
        try
        {
            Directory.CreateDirectory(path, OwnerOnly);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add($"{path}: {e.Message.TrimEnd('.')}");
            return null;
        }

        if (FindWeakness(path) is { } weakness)
        {
            problems.Add(weakness);
            return null;
        }

        return new PrivateFolder(path, isTemporary: false);
    }

    /// <summary>Whether the file is a regular one of this user that nobody else can write.</summary>
    internal static bool IsOwnFile(string path) =>
        UnixFileStatus.Read(path) is { IsRegularFile: true } status
        && status.Owner == UnixFileStatus.CurrentUser
        && !IsWritableByOthers(status.Mode);

    /// <summary>Deletes a temporary folder. Libraries loaded from it stay loaded.</summary>
    internal void Release()
    {
        if (!IsTemporary)
            return;
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A file that stays in the temporary folder is harmless; failing the load for it would not be.
        }
    }

    private static PrivateFolder? CreateTemporary(List<string> problems)
    {
        try
        {
            // mkdtemp makes a new name with mode 0700, so that nobody can have prepared the folder.
            return new PrivateFolder(Directory.CreateTempSubdirectory("perceiver-").FullName, isTemporary: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add($"no temporary folder: {e.Message.TrimEnd('.')}");
            return null;
        }
    }

    private static string? FindWeakness(string path)
    {
        uint user = UnixFileStatus.CurrentUser;
        if (UnixFileStatus.Read(path) is not { IsDirectory: true } folder)
            return $"{path} is not a folder";
        if (folder.Owner != user)
            return $"{path} belongs to user {folder.Owner}, not to {user}";
        if (folder.Mode != OwnerOnly)
            return $"{path} has mode {Convert.ToString((int)folder.Mode, 8)}, not 700";

        return FindWeaknessAbove(path, path, MostLinks);
    }

    // Anyone who can rename a folder above can replace it. Where one of them is a link, the folders above its target count as well.
    private static string? FindWeaknessAbove(string path, string folder, int links)
    {
        for (string? parent = System.IO.Path.GetDirectoryName(path); parent is not null; parent = System.IO.Path.GetDirectoryName(parent))
        {
            if (UnixFileStatus.Read(parent) is not { } above)
                return $"{parent} cannot be examined";
            if (above.Owner != UnixFileStatus.CurrentUser && above.Owner != 0)
                return $"{parent}, above {folder}, belongs to user {above.Owner}";
            if (above.IsDirectory && above.Mode.HasFlag(UnixFileMode.OtherWrite) && !above.IsSticky)
                return $"{parent}, above {folder}, can be written by everyone";
            if (above.IsDirectory && above.Mode.HasFlag(UnixFileMode.GroupWrite) && !above.IsSticky)
                return $"{parent}, above {folder}, can be written by its group";
            if (!above.IsDirectory && FindWeaknessOfTarget(parent, folder, links) is { } weakness)
                return weakness;
        }

        return null;
    }

    private static string? FindWeaknessOfTarget(string link, string folder, int links)
    {
        if (links == 0)
            return $"{link}, above {folder}, is one link of too many";
        if (Directory.ResolveLinkTarget(link, returnFinalTarget: false)?.FullName is not { } target)
            return $"{link}, above {folder}, is no folder";
        // The target itself is above the folder too.
        return FindWeaknessAbove(System.IO.Path.Combine(target, "folder"), folder, links - 1);
    }

    private static bool IsWritableByOthers(UnixFileMode mode) => (mode & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0;
}
