using System.Runtime.Versioning;

namespace Microsoft.ML.Perceiver.Tests.Runtime;

/// <summary>Loading, which happens once in a process, seen in fresh ones.</summary>
[TestClass]
[OSCondition(OperatingSystems.Linux)]
[SupportedOSPlatform("linux")]
public sealed class TorchRuntimeProcessTests : IDisposable
{
    private readonly TemporaryFolder _root = new();

    public void Dispose() => _root.Dispose();

    [TestMethod]
    public void Touching_a_type_loads_nothing() =>
        CollectionAssert.AreEqual(new[] { "touched", "libtorch absent", "TorchSharp absent" }, Run("touch"));

    [TestMethod]
    public void Loading_logs_one_line_and_no_noise()
    {
        var lines = Run("load");
        Assert.HasCount(3, lines);
        Assert.AreEqual("sum 36", lines[0]);
        Assert.StartsWith("log TorchSharp 0.", lines[1]);
        Assert.Contains($"libtorch from {HostProcess.Output}", lines[1]);
        Assert.AreEqual(lines[1]["log ".Length..], lines[2]["description ".Length..]);
    }

    [TestMethod]
    public void TorchSharp_works_right_after_a_type_was_touched()
    {
        var lines = Run("torch-first");
        Assert.HasCount(3, lines);
        Assert.AreEqual("zeros 0", lines[0]);
        Assert.Contains($"libtorch from {HostProcess.Output}", lines[2]);
    }

    [TestMethod]
    public void Threads_may_all_be_the_first()
    {
        for (var round = 0; round < 3; round++)
        {
            var lines = Run("threads 16");
            Assert.AreEqual("sums 16 of 5", lines[0]);
            Assert.AreEqual("lines 1", lines[1]);
        }
    }

    [TestMethod]
    public void Memory_that_is_kept_needs_fewer_new_pages()
    {
        // Ten times 64 MB are 160,000 pages of 4 kB.
        long Faults(bool keep) => long.Parse(
            Run($"memory {keep}")[0]["faults ".Length..], System.Globalization.CultureInfo.InvariantCulture);
        long given = Faults(keep: false), kept = Faults(keep: true);
        // Two pages, or in some processes those of every second tensor: it is the C library that decides where a block fits.
        if (given < 100_000)
            Assert.Inconclusive($"The system gives huge pages unasked: {given} pages for {10 * 64} MB.");
        Assert.IsLessThan(given * 3 / 4, kept);
    }

    [TestMethod]
    [DataRow("load")]
    [DataRow("torch-first")]
    public void A_named_folder_is_used(string command)
    {
        _root.LinkLibTorch();
        var lines = Run(command, ("PERCEIVER_TORCH_LIB", _root.Path));
        Assert.Contains($"libtorch from {_root.Path},", lines[^1]);
    }

    [TestMethod]
    public void A_named_folder_is_used_by_threads_at_once()
    {
        _root.LinkLibTorch();
        CollectionAssert.AreEqual(new[] { "sums 16 of 5", "lines 1" }, Run("threads 16", ("PERCEIVER_TORCH_LIB", _root.Path)));
    }

    [TestMethod]
    public void Processes_that_start_at_once_share_one_copy()
    {
        var environment = new Dictionary<string, string> { ["XDG_CACHE_HOME"] = _root["cache"] };
        var processes = Enumerable.Range(0, 6).Select(_ => HostProcess.Start("load", environment)).ToArray();
        foreach (var process in processes)
            using (process)
                Assert.AreEqual("sum 36", HostProcess.Finish(process)[0]);
        if (Directory.Exists(_root["cache"]))
            Assert.HasCount(1, Directory.GetFiles(_root["cache/Microsoft.ML.Perceiver/native"]));
    }

    [TestMethod]
    public void A_tampered_copy_is_not_loaded()
    {
        Run("load");
        var folder = _root["cache/Microsoft.ML.Perceiver/native"];
        if (!Directory.Exists(folder))
            Assert.Inconclusive("This system needs no copy.");
        var copy = Directory.GetFiles(folder).Single();
        var whole = File.ReadAllBytes(copy);
        File.WriteAllBytes(copy, new byte[whole.Length]);
        Assert.AreEqual("sum 36", Run("load")[0]);
        CollectionAssert.AreEqual(whole, File.ReadAllBytes(copy));
    }

    [TestMethod]
    public void A_cache_open_to_others_is_passed_over()
    {
        Directory.CreateDirectory(_root["cache/Microsoft.ML.Perceiver/native"]);
        Directory.CreateDirectory(_root["tmp"]);
        File.SetUnixFileMode(_root["cache/Microsoft.ML.Perceiver/native"], (UnixFileMode)0x1ff);
        Assert.AreEqual("sum 36", Run("load", ("TMPDIR", _root["tmp"]))[0]);
        Assert.IsEmpty(Directory.GetFiles(_root["cache/Microsoft.ML.Perceiver/native"]));
        Assert.IsEmpty(Directory.GetDirectories(_root["tmp"], "perceiver-*"));
    }

    [TestMethod]
    public void The_first_initialisation_counts()
    {
        Directory.CreateDirectory(_root["empty"]);
        _root.LinkLibTorch();
        var lines = Run($"initialize {_root["empty"]} {_root.Path} - {_root.Path} {HostProcess.Output}");
        Assert.StartsWith("TorchRuntimeException", lines[0]);
        Assert.StartsWith("ok 36", lines[1]);
        Assert.StartsWith("ok 36", lines[2]);
        // The links lead to the same files, which makes it the same libtorch.
        Assert.StartsWith("ok 36", lines[3]);
        Assert.StartsWith("ok 36", lines[4]);
    }

    [TestMethod]
    public void Another_folder_after_the_first_is_refused()
    {
        Directory.CreateDirectory(_root["empty"]);
        var lines = Run($"initialize - {_root["empty"]}");
        Assert.StartsWith("ok 36", lines[0]);
        Assert.StartsWith("InvalidOperationException", lines[1]);
        Assert.Contains("loaded already", lines[1]);
    }

    [TestMethod]
    public void Without_CUDA_the_device_falls_back_or_says_why_not()
    {
        if (TorchRuntime.IsCudaAvailable)
            Assert.Inconclusive("There is a CUDA device.");
        CollectionAssert.AreEqual(new[] { "cuda False", "device cpu" }, Run("device 0 True"));
        CollectionAssert.AreEqual(new[] { "cuda False", "device cpu" }, Run("device - False"));
        Assert.Contains("TorchSharp-cuda-linux", Run("device 0 False")[1]);
    }

    [TestMethod]
    [DataRow("load")]
    [DataRow("torch-first")]
    public void A_package_that_the_system_can_load_is_left_alone(string command)
    {
        var lines = RunOnNewerSystem(command);
        Assert.HasCount(3, lines);
        Assert.Contains($"LibTorchSharp from {_root["program/libLibTorchSharp.so"]}", lines[^1]);
        Assert.DoesNotContain(WeakenedLibrary.Version, lines[^1]);
        Assert.IsFalse(Directory.Exists(_root["cache"]));
    }

    [TestMethod]
    public void A_libtorch_of_the_package_cache_is_told_to_be_one()
    {
        _root.StageProgram();
        static string Native(string package, string version) =>
            $"packages/{package}/{version}/runtimes/linux-x64/native";
        string torch = Native("libtorch-cpu-linux-x64", NativeFiles.LibTorchVersion);
        string torchSharp = Native("torchsharp", NativeFiles.Version(typeof(TorchSharp.torch).Assembly));
        Directory.CreateDirectory(_root[torch]);
        Directory.CreateDirectory(_root[torchSharp]);
        _root.LinkLibTorchInto(torch);
        File.Copy(Path.Combine(HostProcess.Output, "libLibTorchSharp.so"), _root[$"{torchSharp}/libLibTorchSharp.so"]);
        var environment = new Dictionary<string, string>
        {
            ["XDG_CACHE_HOME"] = _root["cache"],
            ["NUGET_PACKAGES"] = _root["packages"],
        };
        const string warning = "This is NuGet's cache: the program has no libtorch of its own";
        var lines = HostProcess.Run("load", environment, _root["program"]);
        Assert.HasCount(1, lines.Where(l => l.StartsWith("log ", StringComparison.Ordinal) && l.Contains(warning)).ToArray());
        Assert.DoesNotContain(warning, string.Join('\n', Run("load")));
    }

    [TestMethod]
    public void What_the_program_loaded_itself_stays_the_only_one()
    {
        Directory.CreateDirectory(_root["other"]);
        foreach (var file in new[] { "libc10.so", "libtorch_cpu.so", "libtorch.so" })
            File.Copy(Path.Combine(HostProcess.Output, "libc10.so"), _root[$"other/{file}"]);
        var lines = RunOnNewerSystem($"torch-before {_root["other"]}");
        Assert.HasCount(3, lines);
        Assert.AreEqual("zeros 0", lines[0]);
        Assert.Contains("libtorch is in this process already", lines[1]);
        Assert.Contains("loaded by the program itself", lines[2]);
    }

    // The host with a library that asks for nothing too new, as this one's would be on a newer system.
    private string[] RunOnNewerSystem(string command)
    {
        _root.StageProgram();
        _root.LinkLibTorchInto("program");
        File.WriteAllBytes(_root["program/libLibTorchSharp.so"], ElfWeakening.Weaken(
            TestLibrary.Parse(TestLibrary.Read()), WeakenedLibrary.Library, WeakenedLibrary.Version, WeakenedLibrary.Symbol));
        return HostProcess.Run(command, new Dictionary<string, string>
        {
            ["XDG_CACHE_HOME"] = _root["cache"],
            ["NUGET_PACKAGES"] = _root["packages"],
        }, _root["program"]);
    }

    private string[] Run(string command, params (string Name, string Value)[] environment) =>
        HostProcess.Run(command, environment.Append(("XDG_CACHE_HOME", _root["cache"])).ToDictionary(e => e.Item1, e => e.Item2));
}
