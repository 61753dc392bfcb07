using System.Runtime.Versioning;

namespace Microsoft.ML.Perceiver.Tests.Runtime;

/// <summary>Where nothing works: one error, the same each time, that names the cause and the remedy.</summary>
[TestClass]
[OSCondition(OperatingSystems.Linux)]
[SupportedOSPlatform("linux")]
public sealed class TorchRuntimeFailureTests : IDisposable
{
    private readonly TemporaryFolder _root = new();

    public void Dispose() => _root.Dispose();

    [TestMethod]
    public void An_absent_folder() =>
        AssertFails(Fail(("PERCEIVER_TORCH_LIB", _root["absent"])), $"{_root["absent"]} does not exist", "PERCEIVER_TORCH_LIB");

    [TestMethod]
    public void An_empty_folder() =>
        AssertFails(
            Fail(("PERCEIVER_TORCH_LIB", _root.Path)),
            $"{_root.Path} does not contain libc10.so, libtorch_cpu.so, libtorch.so",
            "libtorch 2.10");

    [TestMethod]
    public void A_folder_with_a_truncated_library()
    {
        _root.LinkLibTorch("libtorch_cpu.so");
        using (var whole = File.OpenRead(Path.Combine(HostProcess.Output, "libtorch_cpu.so")))
        using (var part = File.Create(_root["libtorch_cpu.so"]))
        {
            var head = new byte[1 << 20];
            whole.ReadExactly(head);
            part.Write(head);
        }
        AssertFails(
            Fail(("PERCEIVER_TORCH_LIB", _root.Path)),
            $"{_root["libtorch_cpu.so"]} cannot be loaded",
            "reaches past the end of the file",
            "whole libtorch");
    }

    [TestMethod]
    [DataRow("libc10.so")]
    [DataRow("libtorch_cpu.so")]
    public void A_library_that_is_a_pipe(string library)
    {
        _root.LinkLibTorch(library);
        using (var process = System.Diagnostics.Process.Start("mkfifo", _root[library]))
            process.WaitForExit();
        AssertFails(Fail(("PERCEIVER_TORCH_LIB", _root.Path)), $"{_root[library]} cannot be loaded", "no regular file");
        // The folder itself.
        AssertFails(Fail(("PERCEIVER_TORCH_LIB", _root[library])), $"{_root[library]} does not exist", "PERCEIVER_TORCH_LIB");
    }

    [TestMethod]
    public void A_library_of_another_architecture()
    {
        _root.LinkLibTorch("libc10.so");
        var bytes = File.ReadAllBytes(Path.Combine(HostProcess.Output, "libc10.so"));
        bytes[18] = (byte)(ElfHeader.CurrentMachine == ElfHeader.MachineX64 ? ElfHeader.MachineArm64 : ElfHeader.MachineX64);
        File.WriteAllBytes(_root["libc10.so"], bytes);
        AssertFails(Fail(("PERCEIVER_TORCH_LIB", _root.Path)), "libc10.so cannot be loaded", "the file is for arm64, the process is x64");
    }

    [TestMethod]
    public void A_libtorch_of_another_release()
    {
        // libc10 under the name of libtorch_cpu loads, and has none of its functions.
        _root.LinkLibTorch("libtorch_cpu.so");
        File.Copy(Path.Combine(HostProcess.Output, "libc10.so"), _root["libtorch_cpu.so"]);
        AssertFails(Fail(("PERCEIVER_TORCH_LIB", _root.Path)), "is not the release that", "it lacks _Z", "libtorch 2.10");
    }

    [TestMethod]
    public void A_library_without_one_it_needs()
    {
        _root.LinkLibTorch([.. Directory.GetFiles(HostProcess.Output, "libgomp*").Select(f => Path.GetFileName(f))]);
        AssertFails(Fail(("PERCEIVER_TORCH_LIB", _root.Path)), "libgomp", "cannot open shared object file", "Install libgomp");
    }

    [TestMethod]
    public void A_program_without_a_native_package()
    {
        _root.StageProgram("libLibTorchSharp.so");
        AssertFails(
            Fail(_root["program"], ("NUGET_PACKAGES", _root["packages"])),
            "no libtorch was found",
            "Add the package TorchSharp-cpu",
            "PERCEIVER_TORCH_LIB",
            _root["program"]);
    }

    [TestMethod]
    public void A_program_without_TorchSharps_native_file()
    {
        _root.StageProgram();
        _root.LinkLibTorch();
        AssertFails(Fail(_root["program"], ("NUGET_PACKAGES", _root["packages"]), ("PERCEIVER_TORCH_LIB", _root.Path)),
            "libLibTorchSharp.so, part of the package TorchSharp, was not found");
    }

    [TestMethod]
    public void A_program_without_any_package_is_served_by_a_named_folder()
    {
        _root.StageProgram("libLibTorchSharp.so");
        _root.LinkLibTorch();
        var lines = HostProcess.Run("torch-first", new Dictionary<string, string>
        {
            ["NUGET_PACKAGES"] = _root["packages"],
            ["PERCEIVER_TORCH_LIB"] = _root.Path,
            ["XDG_CACHE_HOME"] = _root["cache"],
        }, _root["program"]);
        Assert.AreEqual("zeros 0", lines[0]);
    }

    [TestMethod]
    public void No_place_for_the_private_copy()
    {
        if (TorchRuntimeNeedsNoCopy())
            Assert.Inconclusive("This system needs no copy.");
        AssertFails(
            Fail(("XDG_CACHE_HOME", "/proc"), ("TMPDIR", "/proc")),
            "needs GLIBCXX_3.4.32",
            "/proc/Microsoft.ML.Perceiver/native",
            "no temporary folder",
            "Set XDG_CACHE_HOME");
    }

    private static bool TorchRuntimeNeedsNoCopy()
    {
        TorchRuntime.EnsureLoaded();
        return !TorchRuntime.Description!.Contains(WeakenedLibrary.Version, StringComparison.Ordinal);
    }

    private string[] Fail(params (string Name, string Value)[] environment) => Fail(null, environment);

    private string[] Fail(string? directory, params (string Name, string Value)[] environment)
    {
        var all = new Dictionary<string, string> { ["XDG_CACHE_HOME"] = _root["cache"] };
        foreach (var (name, value) in environment)
            all[name] = value;
        return HostProcess.Run("failure", all, directory);
    }

    private static void AssertFails(string[] lines, params string[] parts)
    {
        Assert.HasCount(4, lines);
        Assert.StartsWith("TorchSharp's native libraries cannot be loaded: ", lines[0]);
        Assert.AreEqual(lines[0], lines[1]);
        Assert.AreEqual(lines[0], lines[2]);
        Assert.AreEqual("description none", lines[3]);
        foreach (var part in parts)
            Assert.Contains(part, lines[0]);
    }
}
