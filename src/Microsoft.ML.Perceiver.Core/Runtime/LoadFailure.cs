using System.Text.RegularExpressions;

namespace Microsoft.ML.Perceiver;

/// <summary>Turns what went wrong in loading into one message: the true cause, and the remedy.</summary>
internal static partial class LoadFailure
{
    public const string DirectoryVariable = "PERCEIVER_TORCH_LIB";

    private const string NamedRemedy = $"Set {DirectoryVariable} (or TorchRuntimeOptions.LibTorchDirectory) to the folder of a whole libtorch "
        + NativeFiles.LibTorchVersion + ", such as the lib folder of a Python torch of that release, or unset it to use the program's packages";

    public static TorchRuntimeException NoLibTorch(IEnumerable<string> searched) => Create(
        "no libtorch was found; the program references no native package, or was published without its native files. Searched: " + string.Join(", ", searched),
        $"Add the package TorchSharp-cpu (or TorchSharp-cuda-linux, TorchSharp-cuda-windows) to the program, or set {DirectoryVariable} to the folder of a libtorch {NativeFiles.LibTorchVersion}");

    public static TorchRuntimeException NoTorchSharp(string file, IEnumerable<string> searched) => Create(
        $"{file}, part of the package TorchSharp, was not found. Searched: " + string.Join(", ", searched),
        "Reference the package TorchSharp from the program and publish its native files with it");

    public static TorchRuntimeException BadDirectory(string directory, string problem) => Create($"{directory} {problem}", NamedRemedy);

    public static TorchRuntimeException BadFile(string path, Exception problem, bool named) => Create(
        $"{path} cannot be loaded. {problem.Message}",
        named ? NamedRemedy : "Restore the package again (delete it from the NuGet cache first) and run a process of the package's architecture",
        problem);

    public static TorchRuntimeException WrongRelease(string directory, string torchSharp, string symbol, int count) => Create(
        $"the libtorch in {directory} is not the release that {torchSharp} is built for: it lacks {symbol}" + (count > 1 ? $" and {count - 1} more" : ""),
        NamedRemedy);

    public static TorchRuntimeException AlreadyLoaded(string loaded, string wanted) => Create(
        $"libtorch is in this process already, from {loaded}, so the one in {wanted} cannot be used",
        $"Call TorchRuntime.Initialize or EnsureLoaded before anything else uses TorchSharp, or unset {DirectoryVariable}");

    public static TorchRuntimeException NotWeakened(string path, IEnumerable<string> problems, Exception loader) => Create(
        $"{path} needs {WeakenedLibrary.Version}, which this system's {WeakenedLibrary.Library} does not have, and no private copy that does without it could be loaded: "
        + string.Join("; ", problems),
        "Set XDG_CACHE_HOME to a folder that only you can write and that allows execution, or use a system with GCC 13's libstdc++ or newer",
        loader);

    /// <summary>The failure of one library to load, told from the loader's own words.</summary>
    public static TorchRuntimeException FromLoader(string path, Exception loader, bool named)
    {
        var words = LoaderWords(loader);
        string remedy;
        if (MissingVersion().Match(words) is { Success: true } version)
            remedy = $"The system's libraries are older than {version.Groups[1].Value}: use a newer system";
        else if (MissingLibrary().Match(words) is { Success: true } library)
            remedy = $"Install {library.Groups[1].Value}, or put it where the loader looks (LD_LIBRARY_PATH)";
        else if (words.Contains("undefined symbol", StringComparison.Ordinal) || named)
            remedy = NamedRemedy;
        else
            remedy = "Restore the package again (delete it from the NuGet cache first)";
        return Create($"{path} cannot be loaded. {words}", remedy, loader);
    }

    /// <summary>What the system's loader said, without .NET's general advice before it.</summary>
    public static string LoaderWords(Exception loader)
    {
        var lines = loader.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.Length > 1 ? string.Join("; ", lines[1..]) : loader.Message;
    }

    public static TorchRuntimeException Create(string cause, string remedy, Exception? inner = null) =>
        new($"TorchSharp's native libraries cannot be loaded: {cause.TrimEnd('.')}. {remedy}.", inner);

    [GeneratedRegex(@"version [`']([^']+)' not found")]
    private static partial Regex MissingVersion();

    [GeneratedRegex(@"(\S+): cannot open shared object file")]
    private static partial Regex MissingLibrary();
}
