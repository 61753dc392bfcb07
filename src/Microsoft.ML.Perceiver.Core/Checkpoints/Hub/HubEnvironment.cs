using System.Text.RegularExpressions;

namespace Microsoft.ML.Perceiver;

/// <summary>The environment's variables and the token's file, as Python's <c>huggingface_hub</c> reads them.</summary>
internal static partial class HubEnvironment
{
    /// <summary>The folder of the cache.</summary>
    internal static string CacheDirectory =>
        Folder("HF_HUB_CACHE") ?? Folder("HUGGINGFACE_HUB_CACHE") ?? Path.Combine(Home, "hub");

    /// <summary>Whether only the cache is used. An HF_HUB_OFFLINE that says no goes before TRANSFORMERS_OFFLINE.</summary>
    internal static bool Offline => IsTrue(Variable("HF_HUB_OFFLINE") ?? Variable("TRANSFORMERS_OFFLINE"));

    /// <summary>The token of a variable, else that of <c>hf auth login</c>; null where there is none, or it may not be used.</summary>
    internal static string? Token
    {
        get
        {
            if (IsTrue(Variable("HF_HUB_DISABLE_IMPLICIT_TOKEN")))
                return null;
            return Variable("HF_TOKEN") ?? Variable("HUGGING_FACE_HUB_TOKEN")
                ?? TokenOf(Folder("HF_TOKEN_PATH") ?? Path.Combine(Home, "token"));
        }
    }

    private static string UserFolder =>
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);

    private static string Home =>
        Folder("HF_HOME") ?? Path.Combine(Folder("XDG_CACHE_HOME") ?? Path.Combine(UserFolder, ".cache"), "huggingface");

    /// <summary>A variable without white space around it; null where it is not set or has no other characters.</summary>
    internal static string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name)?.Trim() is { Length: > 0 } value ? value : null;

    /// <summary>
    /// A path with the user's folder for a <c>~</c> at its beginning, and variables' values for <c>$NAME</c> and <c>${NAME}</c>. A variable
    /// that is not set stays as it is written.
    /// </summary>
    internal static string Expand(string path)
    {
        bool isInUserFolder = path == "~" || path.StartsWith("~/", StringComparison.Ordinal)
            || (OperatingSystem.IsWindows() && path.StartsWith(@"~\", StringComparison.Ordinal));
        string expanded = isInUserFolder ? UserFolder + path[1..] : path;
        return VariableInPath().Replace(expanded, m => Environment.GetEnvironmentVariable(m.Groups["name"].Value) ?? m.Value);
    }

    private static string? Folder(string name) => Variable(name) is { } path ? Expand(path) : null;

    private static bool IsTrue(string? value) => value?.ToUpperInvariant() is "1" or "ON" or "YES" or "TRUE";

    // Who has no such file, or may not read it, has not logged in.
    private static string? TokenOf(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"\$(?:\{(?<name>[A-Za-z0-9_]+)\}|(?<name>[A-Za-z0-9_]+))")]
    private static partial Regex VariableInPath();
}
