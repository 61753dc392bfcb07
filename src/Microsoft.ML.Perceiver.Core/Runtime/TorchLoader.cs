using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// The one load of a process: what was loaded, or why nothing could be. Its lock is never held while TorchSharp's types
/// are initialised on Linux, because their initialisation can come back here through the resolver.
/// </summary>
internal static class TorchLoader
{
    private static readonly Lock Gate = new();
    private static volatile LoadedTorch? s_loaded;
    private static TorchRuntimeException? s_failure;
    private static bool s_failureIsFinal;

    /// <summary>What is loaded; null before.</summary>
    public static LoadedTorch? Loaded => s_loaded;

    /// <summary>Raised once, when the libraries have been loaded.</summary>
    public static event Action<string>? Announce;

    /// <summary>Loads unless that was done, or tried, before.</summary>
    /// <param name="torchSharp">TorchSharp's assembly: loaded by the caller, since loading it in here could come back here.</param>
    /// <exception cref="TorchRuntimeException">Nothing works; the same message each time.</exception>
    public static LoadedTorch Load(Assembly torchSharp) =>
        s_loaded ?? Load(torchSharp, NamedByEnvironment, isExplicit: false);

    /// <summary>Loads from a folder, or answers whether that was done before.</summary>
    /// <exception cref="TorchRuntimeException">Nothing works.</exception>
    /// <exception cref="InvalidOperationException">Another libtorch is loaded.</exception>
    public static LoadedTorch LoadFrom(Assembly torchSharp, string? directory)
    {
        var loaded = s_loaded ?? Load(torchSharp, directory ?? NamedByEnvironment, isExplicit: true);
        if (directory is not null && !IsFrom(loaded, directory))
            throw new InvalidOperationException($"{directory} cannot be used: libtorch is loaded already, from elsewhere. {loaded.Description}");
        return loaded;
    }

    /// <summary>The folder that the environment names; null when it names none.</summary>
    public static string? NamedByEnvironment => Environment.GetEnvironmentVariable(LoadFailure.DirectoryVariable) is { Length: > 0 } named ? named : null;

    // A failed attempt with a folder that the program named leaves everything as it was, if nothing had been loaded; the
    // program may name another, or go on without one.
    private static LoadedTorch Load(Assembly torchSharp, string? directory, bool isExplicit)
    {
        LoadedTorch loaded;
        lock (Gate)
        {
            if (s_loaded is { } done)
                return done;
            // A fresh exception of the same message: one instance thrown by many threads would mix their stack traces.
            if (s_failure is { } failure && (s_failureIsFinal || !isExplicit))
                throw new TorchRuntimeException(failure.Message, failure.InnerException);
            var isFinal = false;
            try
            {
                s_loaded = loaded = OperatingSystem.IsLinux() ? LoadOnLinux(torchSharp, directory, ref isFinal) : LoadAsPackaged(directory, ref isFinal);
            }
            catch (TorchRuntimeException e)
            {
                if (isFinal || !isExplicit)
                    (s_failure, s_failureIsFinal) = (e, isFinal);
                throw;
            }
            s_failure = null;
        }
        if (loaded.TorchSharpHandle != 0)
            BindDirectly(torchSharp, loaded.TorchSharpHandle);
        // Outside the lock: a subscriber may call back, or wait for a thread that does.
        Announce?.Invoke(loaded.Description);
        return loaded;
    }

    [SupportedOSPlatform("linux")]
    private static LoadedTorch LoadOnLinux(Assembly torchSharp, string? directory, ref bool isFinal)
    {
        var loader = new LinuxTorchLoader(torchSharp, directory);
        try
        {
            return loader.Load();
        }
        finally
        {
            isFinal = loader.HasLoadedAny;
        }
    }

    // Without this, .NET goes through its whole search, and fails to load the packaged file, once for every native
    // function that TorchSharp calls for the first time.
    private static void BindDirectly(Assembly torchSharp, nint handle)
    {
        try
        {
            NativeLibrary.SetDllImportResolver(torchSharp, (name, _, _) => name == "LibTorchSharp" ? handle : 0);
        }
        catch (InvalidOperationException)
        {
            // The program has set a resolver of its own. The search then ends at the library in the process, by its name.
        }
    }

    // Kept apart, so that compiling the caller does not load TorchSharp under the lock on Linux.
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
        return loaded.Directory == Path.GetDirectoryName(NativeFiles.Canonical(Path.Combine(directory, "libtorch_cpu.so")));
    }
}
