using System.Diagnostics;

namespace BatchScore.Running;

/// <summary>This program as another process.</summary>
internal static class OwnProgram
{
    /// <summary>Starts it, with its input, output and errors as pipes.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">What is added to the environment.</param>
    public static Process Start(IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        string assembly = typeof(OwnProgram).Assembly.Location, path = Environment.ProcessPath!;
        bool isOwn = Path.GetFileNameWithoutExtension(path) == Path.GetFileNameWithoutExtension(assembly);
        string host = Path.GetFileNameWithoutExtension(path) == "dotnet"
            ? path
            : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var start = new ProcessStartInfo(isOwn ? path : host)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (!isOwn)
            start.ArgumentList.Add(assembly);
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
