using TorchSharp;

namespace Microsoft.ML.Perceiver.Tests.Runtime;

[TestClass]
public sealed class TorchRuntimeTests
{
    private static string Bridge => Path.Combine(AppContext.BaseDirectory, "libLibTorchSharp.so");

    [TestMethod]
    [DataRow("entry")]
    [DataRow("armed")]
    [DataRow("threads")]
    public void A_fresh_process_loads_and_says_so_once(string way)
    {
        var result = HostProcess.Run(["torch", way]);
        Assert.AreEqual(0, result.ExitCode, result.Error);
        Assert.HasCount(3, result.Output, string.Join('\n', result.Output));
        Assert.AreEqual("3", result.Output[0]);
        Assert.AreEqual("1", result.Output[1]);
        StringAssert.Contains(result.Output[2], "libtorch");
    }

    [TestMethod]
    public void Several_processes_may_make_the_private_copy_at_once()
    {
        string cache = TemporaryFolder();
        var results = Enumerable.Range(0, 4).AsParallel().WithDegreeOfParallelism(4)
            .Select(_ => HostProcess.Run(["torch", "entry"], new Dictionary<string, string?> { ["XDG_CACHE_HOME"] = cache })).ToArray();
        foreach (var result in results)
            Assert.AreEqual(0, result.ExitCode, result.Error);
        Assert.IsEmpty(Directory.GetFiles(cache, "*.tmp", SearchOption.AllDirectories));
    }

    [TestMethod]
    public void Without_a_cache_folder_a_passing_one_serves()
    {
        string temporary = TemporaryFolder();
        var result = HostProcess.Run(["torch", "entry"], new Dictionary<string, string?> { ["XDG_CACHE_HOME"] = "/proc/none", ["TMPDIR"] = temporary });
        Assert.AreEqual(0, result.ExitCode, result.Error);
        Assert.IsFalse(Directory.GetDirectories(temporary).Any(d => Path.GetFileName(d).StartsWith("microsoft-ml-perceiver", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void A_named_libtorch_is_used()
    {
        var result = HostProcess.Run(["torch", "entry"], new Dictionary<string, string?> { [TorchRuntime.DirectoryVariable] = AppContext.BaseDirectory });
        Assert.AreEqual(0, result.ExitCode, result.Error);
        StringAssert.Contains(result.Output[2], AppContext.BaseDirectory.TrimEnd('/'));
    }

    [TestMethod]
    public void A_named_folder_without_libtorch_is_an_error_that_says_so()
    {
        string empty = TemporaryFolder(), cut = TemporaryFolder();
        StringAssert.Contains(Failure(empty), "libc10.so, libtorch_cpu.so, libtorch.so");
        StringAssert.Contains(Failure(Path.Combine(empty, "none")), "does not exist");
        foreach (string library in new[] { "libc10.so", "libtorch_cpu.so", "libtorch.so" })
        {
            using var source = File.OpenRead(Path.Combine(AppContext.BaseDirectory, library));
            byte[] start = new byte[5000];
            source.ReadExactly(start);
            File.WriteAllBytes(Path.Combine(cut, library), start);
        }

        string error = Failure(cut);
        StringAssert.Contains(error, "libc10.so");
        StringAssert.Contains(error, "whole libtorch");

        static string Failure(string folder)
        {
            var result = HostProcess.Run(["torch", "twice"], new Dictionary<string, string?> { [TorchRuntime.DirectoryVariable] = folder });
            Assert.AreEqual(1, result.ExitCode);
            StringAssert.StartsWith(result.Error, nameof(TorchRuntimeException));
            return result.Error;
        }
    }

    [TestMethod]
    public void A_program_without_native_packages_is_told_which_to_reference()
    {
        // A copy of the host without its native libraries.
        string folder = TemporaryFolder();
        foreach (string file in Directory.GetFiles(HostProcess.Folder).Where(f => !f.Contains(".so", StringComparison.Ordinal)))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        File.Delete(Path.Combine(folder, "Microsoft.ML.Perceiver.TestHost.deps.json"));
        var result = HostProcess.Run(["torch", "twice"], folder: folder);
        Assert.AreEqual(1, result.ExitCode, string.Join('\n', result.Output));
        StringAssert.Contains(result.Error, "TorchSharp-cpu");
        StringAssert.Contains(result.Error, TorchRuntime.DirectoryVariable);
    }

    [TestMethod]
    public void The_private_copy_differs_in_its_weak_flags_alone()
    {
        byte[] original = File.ReadAllBytes(Bridge), copy = WeakenedLibrary.Weaken(original);
        int[] changed = Enumerable.Range(0, original.Length).Where(i => original[i] != copy[i]).ToArray();
        var versions = ElfImage.ReadNeededVersions(original);
        CollectionAssert.AreEqual(versions.Where(v => v.Name == "GLIBCXX_3.4.32").Select(v => v.FlagsOffset).ToArray(), changed);
        Assert.IsTrue(versions.Any(v => v.Name == "GLIBCXX_3.4" && v.Symbols.Count > 1), "the versions' symbols were not read");
    }

    [TestMethod]
    public void A_changed_or_open_copy_is_made_again()
    {
        string cache = TemporaryFolder();
        string path = WeakenedLibrary.Prepare(Bridge, cache).Path;
        byte[] good = File.ReadAllBytes(path);
        Assert.AreEqual(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(path)!));

        byte[] tampered = [.. good];
        tampered[^100] ^= 1;
        foreach (byte[] bad in new[] { tampered, good[..1000], [] })
        {
            File.WriteAllBytes(path, bad);
            Assert.AreEqual((path, false), WeakenedLibrary.Prepare(Bridge, cache));
            CollectionAssert.AreEqual(good, File.ReadAllBytes(path));
        }

        File.SetUnixFileMode(Path.GetDirectoryName(path)!, (UnixFileMode)0b111_111_111);
        WeakenedLibrary.Prepare(Bridge, cache);
        Assert.AreEqual(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(path)!));
        CollectionAssert.AreEqual(good, File.ReadAllBytes(path));
    }

    [TestMethod]
    public void A_link_in_the_caches_place_is_not_followed()
    {
        string cache = TemporaryFolder(), elsewhere = TemporaryFolder();
        Directory.CreateSymbolicLink(Path.Combine(cache, "microsoft-ml-perceiver"), elsewhere);
        var (path, temporary) = WeakenedLibrary.Prepare(Bridge, cache);
        Assert.IsTrue(temporary);
        Assert.IsEmpty(Directory.GetFileSystemEntries(elsewhere));
        Assert.IsFalse(path.StartsWith(cache, StringComparison.Ordinal));
    }

    [TestMethod]
    public void The_device_is_the_one_that_was_named_or_an_error()
    {
        Assert.AreEqual(DeviceType.CPU, TorchRuntime.SelectDevice(null, fallbackToCpu: false).type);
        if (TorchRuntime.IsCudaAvailable)
        {
            Assert.AreEqual(0, TorchRuntime.SelectDevice(0, fallbackToCpu: false).index);
            return;
        }

        Assert.AreEqual(DeviceType.CPU, TorchRuntime.SelectDevice(1, fallbackToCpu: true).type);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => TorchRuntime.SelectDevice(1, fallbackToCpu: false)).Message, "GPU 1");
    }

    [TestMethod]
    public void The_version_that_messages_name_is_the_one_that_was_loaded() => StringAssert.StartsWith(torch.__version__, "2.10.0");

    [TestMethod]
    public void Another_way_after_the_first_is_refused() =>
        Assert.ThrowsExactly<InvalidOperationException>(() => TorchRuntime.Initialize(new TorchRuntimeOptions { LibTorchDirectory = "/somewhere/else" }));

    private static string TemporaryFolder() => Directory.CreateTempSubdirectory("perceiver").FullName;
}
