namespace Microsoft.ML.Perceiver.Tests.Runtime;

/// <summary>Puts libtorch's libraries and the test host into a temporary folder, to be loaded and run from there.</summary>
internal static class StagedHost
{
    /// <summary>Links every libtorch library of the output folder, but those named, into the folder.</summary>
    public static void LinkLibTorch(this TemporaryFolder folder, params string[] except) => folder.LinkLibTorchInto("", except);

    /// <summary>As <see cref="LinkLibTorch"/>, into a folder in the temporary one.</summary>
    public static void LinkLibTorchInto(this TemporaryFolder folder, string subfolder, params string[] except)
    {
        foreach (string file in Directory.EnumerateFiles(HostProcess.Output, "lib*.so*"))
        {
            string name = Path.GetFileName(file);
            if (name != "libLibTorchSharp.so" && !except.Contains(name))
                File.CreateSymbolicLink(folder[Path.Combine(subfolder, name)], file);
        }
    }

    /// <summary>
    /// Puts the test host into the folder <c>program</c>, as published without its native files but those named, and
    /// makes an empty package cache, <c>packages</c>. Without its manifest: what that lists would have to be there.
    /// </summary>
    public static void StageProgram(this TemporaryFolder folder, params string[] natives)
    {
        Directory.CreateDirectory(folder["program"]);
        Directory.CreateDirectory(folder["packages"]);
        string[] files =
        [
            "Microsoft.ML.Perceiver.TestHost.dll", "Microsoft.ML.Perceiver.TestHost.runtimeconfig.json", "Microsoft.ML.Perceiver.Core.dll",
            "Microsoft.Extensions.Logging.Abstractions.dll", "Microsoft.Extensions.DependencyInjection.Abstractions.dll",
            "TorchSharp.dll", "Microsoft.ML.Tokenizers.dll", "Google.Protobuf.dll", "ICSharpCode.SharpZipLib.dll", "SkiaSharp.dll",
        ];
        foreach (string file in files.Concat(natives))
            File.Copy(Path.Combine(HostProcess.Output, file), folder[$"program/{file}"]);
    }
}
