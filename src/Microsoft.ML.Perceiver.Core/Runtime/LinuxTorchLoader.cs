using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Loads libtorch and LibTorchSharp on Linux by full path, dependencies first, after which TorchSharp finds them in the
/// process. Nothing here may touch TorchSharp's types: it runs while TorchSharp itself is being loaded or initialised.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class LinuxTorchLoader(Assembly torchSharp, string? namedDirectory, bool allowsOtherRelease)
{
    private const string TorchSharpFile = "libLibTorchSharp.so", TorchCpuFile = "libtorch_cpu.so";

    private const string CacheWarning =
        " This is NuGet's cache: the program has no libtorch of its own and fails on machines without this cache; "
        + "add the package TorchSharp-cpu, TorchSharp-cuda-linux or TorchSharp-cuda-windows to it.";

    // Each depends only on those before it, so that the system's loader need not search for any.
    private static readonly string[] RequiredFiles = ["libc10.so", TorchCpuFile, "libtorch.so"];
    private static readonly string[] LoadOrder = ["libc10.so", "libc10_cuda.so", TorchCpuFile, "libtorch_cuda.so", "libtorch.so"];

    private readonly string _version = $"TorchSharp {NativeFiles.Version(torchSharp)}";

    /// <summary>Whether a library has been loaded: another attempt in this process would then mix two libtorches.</summary>
    internal bool HasLoadedAny { get; private set; }

    /// <exception cref="TorchRuntimeException">Loading failed; the message names the cause and the remedy.</exception>
    internal LoadedTorch Load()
    {
        if (FindLoaded() is { } loaded)
            return loaded;

        var folders = NativeFiles.PackageFolders(torchSharp, "linux-x64");
        string directory = FindLibTorch(folders);
        // TorchSharp's own package is preferred: a named folder may hold another release's file of the same name.
        string torchSharpPath = folders.Append(directory).Select(f => Path.Combine(f, TorchSharpFile)).FirstOrDefault(File.Exists)
            ?? throw LoadFailure.NoTorchSharp(TorchSharpFile, folders);
        string[] files = LoadOrder.Select(f => Path.Combine(directory, f)).Where(File.Exists).ToArray();
        foreach (string? file in files)
            Check(file, () => ElfHeader.ReadFile(file, ElfHeader.CurrentMachine));
        var torchSharpFile = Check(torchSharpPath, () => ElfFile.Parse(File.ReadAllBytes(torchSharpPath)));

        RequireMemory(files);
        nint[] handles = files.Select(LoadFile).ToArray();
        var (missing, count) = Check(torchSharpPath, () => FindMissing(torchSharpFile, handles));
        var other = missing is null ? null : new OtherRelease(directory, torchSharpPath, missing, count);
        if (other is not null && !allowsOtherRelease)
            throw LoadFailure.WrongRelease(other);
        var (handle, how) = LoadTorchSharp(torchSharpFile, torchSharpPath);
        string[] mapped = [.. files.Select(NativeFiles.Canonical)];
        LinuxMemory.ReleaseCodePages(mapped);
        string cuda = files.Length > RequiredFiles.Length ? " with CUDA" : "";
        string description = $"{_version}: libtorch{cuda} from {directory}, {how}.";
        bool isFromCache = namedDirectory is null && NativeFiles.IsInPackageCache(directory);
        if (isFromCache)
            description += CacheWarning;
        description += other?.Warning;
        return new LoadedTorch(description, Path.GetDirectoryName(mapped[0]), handle) { IsWarning = isFromCache || other is not null };
    }

    // The program, or TorchSharp alone, may have loaded everything before.
    private LoadedTorch? FindLoaded()
    {
        if (NativeFiles.FindMapped(TorchCpuFile) is not { } torch || Path.GetDirectoryName(torch) is not { } directory)
            return null;
        if (namedDirectory is not null && directory != NativeFiles.CanonicalFolder(namedDirectory, TorchCpuFile))
            throw LoadFailure.AlreadyLoaded(directory, namedDirectory);

        // A mapped file may be one that another thread is just failing to load; the system's loader, which finishes that first, decides.
        string? path = NativeFiles.FindMapped("libLibTorchSharp", prefix: true);
        if (path is null || !NativeLibrary.TryLoad(TorchSharpFile, out nint handle))
            return null;
        return new LoadedTorch(
            $"{_version}: libtorch from {directory}, LibTorchSharp from {path}, loaded by the program itself.", directory, handle);
    }

    private string FindLibTorch(IReadOnlyList<string> folders)
    {
        if (namedDirectory is null)
        {
            // A libtorch that is in the process already must stay the only one.
            string? mapped = NativeFiles.FindMapped(TorchCpuFile) is { } path ? Path.GetDirectoryName(path) : null;
            return mapped
                ?? folders.FirstOrDefault(f => File.Exists(Path.Combine(f, TorchCpuFile)))
                ?? throw LoadFailure.NoLibTorch(folders);
        }

        string directory = Path.TrimEndingDirectorySeparator(Path.GetFullPath(namedDirectory));
        if (!Directory.Exists(directory))
            throw LoadFailure.BadDirectory(directory, "does not exist");
        string[] missing = RequiredFiles.Where(f => !File.Exists(Path.Combine(directory, f))).ToArray();
        return missing.Length == 0
            ? directory
            : throw LoadFailure.BadDirectory(directory, $"does not contain {string.Join(", ", missing)}");
    }

    private T Check<T>(string path, Func<T> read)
    {
        try
        {
            return RegularFile.Exists(path) ? read() : throw new FormatException("It is no regular file");
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            throw LoadFailure.BadFile(path, e, namedDirectory is not null);
        }
    }

    // Where a library maps just so, nothing is left to run it with, and the process ends without an exception.
    private static void RequireMemory(string[] files)
    {
        try
        {
            ProcessMemory.Require(files.Sum(f => new FileInfo(f).Length), "libtorch");
        }
        catch (InsufficientMemoryException e)
        {
            throw LoadFailure.TooLittleMemory(e);
        }
    }

    private nint LoadFile(string path)
    {
        try
        {
            nint handle = NativeLibrary.Load(path);
            HasLoadedAny = true;
            return handle;
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw LoadFailure.FromLoader(path, e, namedDirectory is not null);
        }
    }

    // Functions are bound at their first call, and a missing one then ends the process without an exception. So a libtorch of another
    // release is recognised here by its missing functions.
    private static (string? First, int Count) FindMissing(ElfFile file, nint[] handles)
    {
        string? first = null;
        int missing = 0;
        for (ulong i = 0; i < file.SymbolCount; i++)
        {
            // libtorch's symbols have no version; those that have one are checked by the system's loader.
            if (!file.IsUndefined(i) || file.IsWeak(i) || file.VersionIndex(i) > 1)
                continue;
            string name = Encoding.UTF8.GetString(file.SymbolName(i));
            if (name.Length == 0 || handles.Any(h => NativeLibrary.TryGetExport(h, name, out _)))
                continue;
            first ??= name;
            missing++;
        }

        return (first, missing);
    }

    private (nint Handle, string How) LoadTorchSharp(ElfFile file, string path)
    {
        try
        {
            nint handle = NativeLibrary.Load(path);
            HasLoadedAny = true;
            return (handle, $"LibTorchSharp from {path}");
        }
        catch (DllNotFoundException e) when (LoadFailure.LoaderMessage(e).Contains(WeakenedLibrary.Version, StringComparison.Ordinal))
        {
            return LoadWeakened(file, path, e);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw LoadFailure.FromLoader(path, e, named: false);
        }
    }

    private (nint Handle, string How) LoadWeakened(ElfFile file, string path, Exception loader)
    {
        var problems = new List<string>();
        foreach (var folder in PrivateFolder.Candidates(problems))
        {
            try
            {
                string copy = WeakenedLibrary.Write(file, folder);
                nint handle = NativeLibrary.Load(copy);
                HasLoadedAny = true;
                string kept = folder.IsTemporary ? "a temporary copy, the cache being unusable" : copy;
                return (handle, $"LibTorchSharp from {path} without {WeakenedLibrary.Version} ({kept})");
            }
            // A folder on a volume mounted noexec can be written, but no library can be loaded from it: the next folder may work.
            catch (Exception e) when (e is DllNotFoundException or IOException or UnauthorizedAccessException)
            {
                problems.Add($"{folder.Path}: {LoadFailure.LoaderMessage(e)}");
            }
            catch (Exception e) when (e is InvalidOperationException or FormatException)
            {
                problems.Add(e.Message);
                break;
            }
            finally
            {
                folder.Release();
            }
        }

        throw LoadFailure.NotWeakened(path, problems, loader);
    }
}
