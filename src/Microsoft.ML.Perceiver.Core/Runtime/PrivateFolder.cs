using System.Runtime.Versioning;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// A folder for native code that only its user can write. Whoever can change a library there runs code as that user, so
/// the owner and the mode are verified each time; a folder that others made or opened up is not used.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class PrivateFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private PrivateFolder(string path, bool isTemporary) => (Path, IsTemporary) = (path, isTemporary);

    public string Path { get; }

    /// <summary>Whether the folder lives for one load only.</summary>
    public bool IsTemporary { get; }

    /// <summary>
    /// The user's cache folder (<c>$XDG_CACHE_HOME</c> or <c>~/.cache</c>) where it is safe, then a fresh temporary one.
    /// </summary>
    /// <param name="problems">Receives why a folder was passed over.</param>
    public static IEnumerable<PrivateFolder> Candidates(List<string> problems)
    {
        var root = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        // The XDG specification: a path that is not absolute is ignored.
        if (string.IsNullOrEmpty(root) || !System.IO.Path.IsPathRooted(root))
        {
            var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            root = home.Length == 0 ? null : System.IO.Path.Combine(home, ".cache");
        }
        if (root is not null && OpenOrCreate(System.IO.Path.Combine(root, "Microsoft.ML.Perceiver", "native"), problems) is { } cache)
            yield return cache;
        if (CreateTemporary(problems) is { } temporary)
            yield return temporary;
    }

    /// <summary>Opens the folder, making it where it is missing; null and a problem when it is not safe or not writable.</summary>
    public static PrivateFolder? OpenOrCreate(string path, List<string> problems)
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

    /// <summary>Whether the file is a plain one of this user's that nobody else can write.</summary>
    public static bool IsOwnFile(string path) =>
        UnixFileStatus.Read(path) is { IsRegularFile: true } status && status.Owner == UnixFileStatus.CurrentUser && !IsWritableByOthers(status.Mode);

    /// <summary>Removes a temporary folder. What is loaded from it stays loaded.</summary>
    public void Release()
    {
        if (!IsTemporary)
            return;
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A file left in the temporary folder does no harm; failing the load for it would.
        }
    }

    private static PrivateFolder? CreateTemporary(List<string> problems)
    {
        try
        {
            // mkdtemp: a new name and mode 0700, so that nobody can have prepared it.
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
        var user = UnixFileStatus.CurrentUser;
        if (UnixFileStatus.Read(path) is not { IsDirectory: true } folder)
            return $"{path} is not a folder";
        if (folder.Owner != user)
            return $"{path} belongs to user {folder.Owner}, not to {user}";
        if (folder.Mode != OwnerOnly)
            return $"{path} has mode {Convert.ToString((int)folder.Mode, 8)}, not 700";

        // Who can rename a folder above can put another in its place.
        for (var parent = System.IO.Path.GetDirectoryName(path); parent is not null; parent = System.IO.Path.GetDirectoryName(parent))
        {
            if (UnixFileStatus.Read(parent) is not { } above)
                return $"{parent} cannot be examined";
            if (above.Owner != user && above.Owner != 0)
                return $"{parent}, above {path}, belongs to user {above.Owner}";
            if (above.IsDirectory && above.Mode.HasFlag(UnixFileMode.OtherWrite) && !above.IsSticky)
                return $"{parent}, above {path}, can be written by everyone";
        }
        return null;
    }

    private static bool IsWritableByOthers(UnixFileMode mode) => (mode & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0;
}
