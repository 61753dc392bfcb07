namespace Microsoft.ML.Perceiver.Core.Tests.Runtime;

/// <summary>A folder of mode 0700 that goes with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("perceiver-test-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Links every libtorch library of the output folder, but those named, into this folder.</summary>
    public void LinkLibTorch(params string[] except) => LinkLibTorchInto("", except);

    /// <summary>As <see cref="LinkLibTorch"/>, into a folder in this one.</summary>
    public void LinkLibTorchInto(string folder, params string[] except)
    {
        foreach (var file in Directory.EnumerateFiles(HostProcess.Output, "lib*.so*"))
        {
            var name = System.IO.Path.GetFileName(file);
            if (name != "libLibTorchSharp.so" && !except.Contains(name))
                File.CreateSymbolicLink(this[System.IO.Path.Combine(folder, name)], file);
        }
    }

    /// <summary>
    /// Puts the test host into the folder <c>program</c>, as published without its native files but those named, and
    /// makes an empty package cache, <c>packages</c>. Without its manifest: what that lists would have to be there.
    /// </summary>
    public void StageProgram(params string[] natives)
    {
        Directory.CreateDirectory(this["program"]);
        Directory.CreateDirectory(this["packages"]);
        string[] files = ["Microsoft.ML.Perceiver.TestHost.dll", "Microsoft.ML.Perceiver.TestHost.runtimeconfig.json",
            "Microsoft.ML.Perceiver.Core.dll", "TorchSharp.dll", "Microsoft.ML.Tokenizers.dll", "Google.Protobuf.dll", "ICSharpCode.SharpZipLib.dll", "SkiaSharp.dll"];
        foreach (var file in files.Concat(natives))
            File.Copy(System.IO.Path.Combine(HostProcess.Output, file), this[$"program/{file}"]);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
