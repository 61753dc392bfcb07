using System.Globalization;
using System.Reflection;
using Microsoft.ML.Perceiver.Tests.Runtime;

namespace Microsoft.ML.Perceiver.EndToEndTests.Gpu;

/// <summary>
/// The archive for a machine with a GPU, packed, unpacked elsewhere and run on the CPU: all of it but the GPU and the Python peer.
/// </summary>
[TestClass]
[TestCategory("LongRunning")]
public sealed class GpuCheckTests
{
    private const long MostBytes = 60_000_000;
    private static TemporaryFolder s_folder = null!;

    private static string Archive => s_folder["gpu-check.tar.gz"];

    // As on a machine that has nothing but the archive.
    private static string UnpackedScript => s_folder["gpu-check/gpu-check.sh"];

    [ClassInitialize]
    public static void Pack(TestContext context)
    {
        s_folder = new TemporaryFolder();
        string repository = typeof(GpuCheckTests).Assembly
            .GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(a => a.Key == "RepositoryFolder").Value!;
        Succeeds(ShellRun.Of(Path.Combine(repository, "eng", "gpu-check.sh"), ["pack", Archive]));
        Succeeds(ShellRun.Of("tar", ["-xzf", Archive, "-C", s_folder.Path]));
    }

    [ClassCleanup]
    public static void Clean() => s_folder.Dispose();

    [TestMethod]
    public void The_archive_is_small_and_has_no_libtorch()
    {
        Assert.IsLessThan(MostBytes, new FileInfo(Archive).Length);
        var paths = Directory.EnumerateFiles(s_folder["gpu-check"], "*", SearchOption.AllDirectories);
        string[] files = [.. paths.Select(f => Path.GetFileName(f)!)];
        // .NET itself and TorchSharp's own library are there.
        foreach (string file in (string[])["libcoreclr.so", "libLibTorchSharp.so", "peer.py", "case.json"])
            CollectionAssert.Contains(files, file);
        foreach (string prefix in (string[])["libtorch", "libc10"])
            Assert.IsFalse(files.Any(f => f.StartsWith(prefix, StringComparison.Ordinal)), prefix);
    }

    [TestMethod]
    public void Unpacked_it_runs_the_golden_cases_in_both_precisions()
    {
        string summary = s_folder["summary.tsv"];
        var run = ShellRun.Of(
            UnpackedScript,
            ["run", "--device", "cpu", "--golden-only", "--summary", summary],
            ("PERCEIVER_TORCH_LIB", HostProcess.Output));
        Succeeds(run);
        var figures = File.ReadLines(summary)
            .Select(l => l.Split('\t'))
            .ToDictionary(f => f[0], f => double.Parse(f[1], CultureInfo.InvariantCulture));
        foreach (string precision in (string[])["float32", "bfloat16"])
        {
            Assert.IsGreaterThan(0.0, figures[$"gpu_parity_{precision}_passed"], run.Output);
            Assert.AreEqual(0.0, figures[$"gpu_parity_{precision}_failed"], run.Output);
        }

        StringAssert.Contains(run.Output, "Largest difference on cpu in bfloat16");
    }

    [TestMethod]
    public void A_libtorch_that_cannot_be_loaded_ends_it_with_the_loaders_message()
    {
        var run = ShellRun.Of(UnpackedScript, ["run", "--device", "cpu", "--golden-only"], ("PERCEIVER_TORCH_LIB", s_folder.Path));
        Assert.AreEqual(2, run.ExitCode, run.Output);
        StringAssert.Contains(
            run.Error,
            $"The loader's message: TorchSharp's native libraries cannot be loaded: {s_folder.Path} does not contain libc10.so");
    }

    [TestMethod]
    public void A_GPU_that_is_not_there_ends_it_with_what_is_missing()
    {
        if (TorchRuntime.IsCudaAvailable)
            Assert.Inconclusive("This machine has a GPU.");
        var run = ShellRun.Of(UnpackedScript, ["run", "--golden-only"], ("PERCEIVER_TORCH_LIB", HostProcess.Output));
        Assert.AreEqual(2, run.ExitCode, run.Output);
        StringAssert.Contains(run.Error, "GPU 0 was asked for, but CUDA is not available");
    }

    [TestMethod]
    public void The_table_has_a_row_for_each_figure_of_either_side()
    {
        string work = s_folder["figures"], summary = s_folder["table.tsv"];
        Directory.CreateDirectory(work);
        File.WriteAllLines(Path.Combine(work, "ours.tsv"), ["flow\tfloat32\t1\t20", "flow\tbfloat16\t1\t8"]);
        File.WriteAllLines(Path.Combine(work, "peer.tsv"), ["flow\tfloat32\t1\t50\t1e-5\t0"]);
        var run = ShellRun.Of(s_folder["gpu-check/program/Microsoft.ML.Perceiver.GpuCheck"], ["table", work, "--summary", summary]);
        Succeeds(run);
        var lines = run.Output.Split('\n').Where(l => l.StartsWith("flow", StringComparison.Ordinal));
        string[] rows = [.. lines.Select(l => string.Join(' ', l.Split(' ', StringSplitOptions.RemoveEmptyEntries)))];
        CollectionAssert.AreEqual((string[])["flow float32 1 20 50 0.4 1e-05 0", "flow bfloat16 1 8 - - - -"], rows);
        CollectionAssert.Contains(File.ReadAllLines(summary), "gpu_flow_float32_1_over_transformers\t0.4\tratio");
    }

    private static void Succeeds(ShellRun run) => Assert.AreEqual(0, run.ExitCode, run.Output + run.Error);
}
