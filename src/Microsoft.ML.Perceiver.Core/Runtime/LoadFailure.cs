using System.Text.RegularExpressions;

namespace Microsoft.ML.Perceiver;

/// <summary>The messages of failed loads: the cause, and the remedy.</summary>
internal static partial class LoadFailure
{
    internal const string DirectoryVariable = "PERCEIVER_TORCH_LIB";

    private const string NamedRemedy =
        $"Set {DirectoryVariable} (or TorchRuntimeOptions.LibTorchDirectory) to the "
        + $"folder of a whole libtorch {NativeFiles.LibTorchVersion}, "
        + "such as the lib folder of a Python torch of that release, or unset it to use the program's packages";

    private const string RestoreRemedy = "Restore the package again (delete it from the NuGet cache first)";

    internal static TorchRuntimeException NoLibTorch(IEnumerable<string> searched) => Create(
        "no libtorch was found; the program references no native package, or was published without its native files. "
        + $"Searched: {string.Join(", ", searched)}",
        "Add the package TorchSharp-cpu (or TorchSharp-cuda-linux, TorchSharp-cuda-windows) to the program, "
        + $"or set {DirectoryVariable} to the folder of a libtorch {NativeFiles.LibTorchVersion}");

    internal static TorchRuntimeException NoTorchSharp(string file, IEnumerable<string> searched) => Create(
        $"{file}, part of the package TorchSharp, was not found. Searched: " + string.Join(", ", searched),
        "Reference the package TorchSharp from the program and publish its native files with it");

    internal static TorchRuntimeException BadDirectory(string directory, string problem) => Create($"{directory} {problem}", NamedRemedy);

    internal static TorchRuntimeException BadFile(string path, Exception problem, bool named) => Create(
        $"{path} cannot be loaded. {problem.Message}",
        named ? NamedRemedy : $"{RestoreRemedy} and run a process of the package's architecture",
        problem);

    internal static TorchRuntimeException TooLittleMemory(InsufficientMemoryException problem) => Create(
        problem.Message, "Raise the limit of the process's address space (ulimit -v), or use a machine with more memory", problem);

    internal static TorchRuntimeException WrongRelease(OtherRelease release) => Create(
        release.Description,
        $"{NamedRemedy}. TorchRuntimeOptions.{nameof(TorchRuntimeOptions.AllowOtherRelease)} tries this one at your own risk");

    internal static TorchRuntimeException AlreadyLoaded(string loaded, string wanted) => Create(
        $"libtorch is in this process already, from {loaded}, so the one in {wanted} cannot be used",
        $"Call TorchRuntime.Initialize or EnsureLoaded before anything else uses TorchSharp, or unset {DirectoryVariable}");

    internal static TorchRuntimeException NotWeakened(string path, IEnumerable<string> problems, Exception loader) => Create(
        $"{path} needs {WeakenedLibrary.Version}, which this system's {WeakenedLibrary.Library} does not have, "
        + $"and no private copy that does without it could be loaded: {string.Join("; ", problems)}",
        "Set XDG_CACHE_HOME to a folder that only you can write and that allows execution, "
        + "or use a system with GCC 13's libstdc++ or newer",
        loader);

    /// <summary>The failure of one library to load, explained by the system's message.</summary>
    internal static TorchRuntimeException FromLoader(string path, Exception loader, bool named)
    {
        string message = LoaderMessage(loader);
        string remedy;
        if (MissingVersion().Match(message) is { Success: true } version)
            remedy = $"The system's libraries are older than {version.Groups[1].Value}: use a newer system";
        else if (MissingLibrary().Match(message) is { Success: true } library)
            remedy = $"Install {library.Groups[1].Value}, or put it where the loader looks (LD_LIBRARY_PATH)";
        else if (message.Contains("undefined symbol", StringComparison.Ordinal) || named)
            remedy = NamedRemedy;
        else
            remedy = RestoreRemedy;
        return Create($"{path} cannot be loaded. {message}", remedy, loader);
    }

    /// <summary>The message of the system's loader, without .NET's general advice before it.</summary>
    internal static string LoaderMessage(Exception loader)
    {
        string[] lines = loader.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.Length > 1 ? string.Join("; ", lines[1..]) : loader.Message;
    }

    internal static TorchRuntimeException Create(string cause, string remedy, Exception? inner = null) =>
        new($"TorchSharp's native libraries cannot be loaded: {cause.TrimEnd('.')}. {remedy}.", inner);

    [GeneratedRegex(@"version [`']([^']+)' not found")]
    private static partial Regex MissingVersion();

    [GeneratedRegex(@"(\S+): cannot open shared object file")]
    private static partial Regex MissingLibrary();
}
