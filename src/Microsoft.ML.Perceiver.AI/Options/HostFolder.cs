using Microsoft.Extensions.Hosting;

namespace Microsoft.ML.Perceiver;

/// <summary>Where relative paths of models begin.</summary>
internal static class HostFolder
{
    /// <summary>The full path of a model's file.</summary>
    /// <param name="environment">The host's environment; null where there is no host.</param>
    /// <param name="path">The path.</param>
    internal static string Resolve(IHostEnvironment? environment, string path) =>
        Path.GetFullPath(path, environment is { ContentRootPath.Length: > 0 } host ? host.ContentRootPath : Environment.CurrentDirectory);
}
