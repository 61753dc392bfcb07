#if !NET9_0_OR_GREATER
namespace Microsoft.ML.Perceiver;

/// <summary>
/// Methods of .NET 9 and later that the sources use, for the assemblies of .NET 8. Its locks are in src/Directory.Build.props.
/// </summary>
internal static class DotNet8
{
    extension(Convert)
    {
        /// <summary>The bytes in hexadecimal digits, with letters in lower case.</summary>
        internal static string ToHexStringLower(ReadOnlySpan<byte> bytes) => Convert.ToHexString(bytes).ToLowerInvariant();
    }
}
#endif
