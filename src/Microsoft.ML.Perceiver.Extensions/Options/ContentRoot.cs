using Microsoft.Extensions.Hosting;

namespace Microsoft.ML.Perceiver;

/// <summary>Where relative paths of models begin.</summary>
/// <param name="environment">The host's environment; null where there is no host.</param>
internal sealed class ContentRoot(IHostEnvironment? environment)
{
    /// <summary>The full path of a model's file.</summary>
    internal string Resolve(string path) =>
        Path.GetFullPath(path, environment is { ContentRootPath.Length: > 0 } host ? host.ContentRootPath : Environment.CurrentDirectory);
}
