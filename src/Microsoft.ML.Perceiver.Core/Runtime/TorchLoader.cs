using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Extensions.Logging;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Loads libtorch once in a process and keeps the result, or the reason why that failed. Its lock is never held while TorchSharp's types
/// are initialised on Linux, because their initialisation can call this class again through the resolver.
/// </summary>
internal static class TorchLoader
{
    private static readonly Lock Gate = new();
    private static volatile LoadedTorch? _loaded;
    private static TorchRuntimeException? _failure;
    private static bool _failureIsFinal;

    /// <summary>Whether a libtorch of another release is warned of instead of refused.</summary>
    internal static bool AllowsOtherRelease { get; set; }

    /// <summary>The loaded libraries; null before.</summary>
    internal static LoadedTorch? Loaded => _loaded;

    /// <summary>Loads the libraries unless that was done, or tried, before.</summary>
    /// <param name="torchSharp">TorchSharp's assembly. The caller loads it, as loading it here could call this method again.</param>
    /// <exception cref="TorchRuntimeException">Loading failed; the same message each time.</exception>
    internal static LoadedTorch Load(Assembly torchSharp) =>
        _loaded ?? Load(torchSharp, NamedByEnvironment, isExplicit: false);

    /// <summary>Loads the libraries from a folder, unless that was done before.</summary>
    /// <exception cref="TorchRuntimeException">Loading failed.</exception>
    /// <exception cref="InvalidOperationException">Another libtorch is loaded.</exception>
    internal static LoadedTorch LoadFrom(Assembly torchSharp, string? directory)
    {
        var loaded = _loaded ?? Load(torchSharp, directory ?? NamedByEnvironment, isExplicit: true);
        if (directory is not null && !IsFrom(loaded, directory))
        {
            throw new InvalidOperationException(
                $"{directory} cannot be used: libtorch is loaded already, from elsewhere. {loaded.Description}");
        }

        return loaded;
    }

    /// <summary>The folder that the environment names; null when it names none.</summary>
    internal static string? NamedByEnvironment =>
        Environment.GetEnvironmentVariable(LoadFailure.DirectoryVariable) is { Length: > 0 } named ? named : null;

    // A failed attempt with a folder that the program named changes nothing, if no library had been loaded; the program may name another
    // folder, or none.
    private static LoadedTorch Load(Assembly torchSharp, string? directory, bool isExplicit)
    {
        LoadedTorch loaded;
        lock (Gate)
        {
            if (_loaded is { } done)
                return done;
            // A new exception with the same message: one instance thrown by many threads would mix their stack traces.
            if (_failure is { } failure && (_failureIsFinal || !isExplicit))
                throw new TorchRuntimeException(failure.Message, failure.InnerException);
            bool isFinal = false;
            try
            {
                _loaded = loaded = OperatingSystem.IsLinux()
                    ? LoadOnLinux(torchSharp, directory, ref isFinal)
                    : LoadAsPackaged(directory, ref isFinal);
            }
            catch (TorchRuntimeException e)
            {
                if (isFinal || !isExplicit)
                    (_failure, _failureIsFinal) = (e, isFinal);
                throw;
            }

            _failure = null;
        }

        if (loaded.TorchSharpHandle != 0)
            BindDirectly(torchSharp, loaded.TorchSharpHandle);
        // Outside the lock: a logger may call back, or wait for a thread that does.
        if (TorchRuntime.Logger is { } logger)
            RuntimeLog.TorchLoaded(logger, loaded.IsWarning ? LogLevel.Warning : LogLevel.Information, loaded.Description);
        return loaded;
    }

    [SupportedOSPlatform("linux")]
    private static LoadedTorch LoadOnLinux(Assembly torchSharp, string? directory, ref bool isFinal)
    {
        var loader = new LinuxTorchLoader(torchSharp, directory, AllowsOtherRelease);
        try
        {
            return loader.Load();
        }
        finally
        {
            isFinal = loader.HasLoadedAny;
        }
    }

    // Without this, .NET searches for the library, and fails to load the packaged file, once for every native function that TorchSharp
    // calls for the first time.
    private static void BindDirectly(Assembly torchSharp, nint handle)
    {
        try
        {
            NativeLibrary.SetDllImportResolver(torchSharp, (name, _, _) => name == "LibTorchSharp" ? handle : 0);
        }
        catch (InvalidOperationException)
        {
            // The program has set its own resolver. .NET's search then finds the library in the process by its name.
        }
    }

    // A method of its own, so that compiling the caller does not load TorchSharp under the lock on Linux.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static LoadedTorch LoadAsPackaged(string? directory, ref bool isFinal)
    {
        isFinal = directory is not null;
        return PackagedTorchLoader.Load(directory);
    }

    private static bool IsFrom(LoadedTorch loaded, string directory)
    {
        if (!OperatingSystem.IsLinux())
            return loaded.Directory is not null && Path.GetFullPath(loaded.Directory) == Path.GetFullPath(directory);
        return loaded.Directory == NativeFiles.CanonicalFolder(directory, "libtorch_cpu.so");
    }
}

/// <summary>The loaded libraries.</summary>
/// <param name="Description">One line for a log: what was loaded, and from where.</param>
/// <param name="Directory">libtorch's folder, links resolved; null where only the system knows it (Windows, macOS).</param>
/// <param name="TorchSharpHandle">The handle of LibTorchSharp; zero where TorchSharp loaded it by itself.</param>
internal sealed record LoadedTorch(string Description, string? Directory, nint TorchSharpHandle)
{
    /// <summary>
    /// Whether the description warns of something: libtorch is that of NuGet's cache, which other machines do not have, or of another
    /// release.
    /// </summary>
    internal bool IsWarning { get; init; }
}
