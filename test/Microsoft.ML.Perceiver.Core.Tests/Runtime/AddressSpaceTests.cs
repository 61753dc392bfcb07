using System.Diagnostics;
using System.Runtime.Versioning;

namespace Microsoft.ML.Perceiver.Tests.Runtime;

/// <summary>
/// Every way by which weights come into memory, in a process whose address space ends somewhere (ulimit -v): an exception or success, never
/// a crash.
/// </summary>
[TestClass]
[SupportedOSPlatform("linux")]
public sealed class AddressSpaceTests
{
    private const string Config = """
        {
          "model_type": "perceiver", "architectures": ["PerceiverForMaskedLM"], "num_latents": 64, "d_latents": 1024, "d_model": 512,
          "num_self_attends_per_block": 10
        }
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    [DataRow("random")]
    [DataRow("reduced")]
    public void A_limit_is_an_exception(string way)
    {
        using var folder = Saved();
        // Room for the runtime and libtorch, not for the weights; and none for libtorch.
        foreach (int megabytes in new[] { 4600, 2500 })
            Assert.AreEqual("exception", Outcome(way, folder, megabytes));
        Assert.AreEqual("success", Outcome(way, folder, megabytes: 16_000));
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    [TestCategory("LongRunning")]
    [DataRow("random")]
    [DataRow("folder")]
    [DataRow("reduced")]
    [DataRow("model")]
    public void A_falling_limit_never_ends_the_process(string way)
    {
        using var folder = Saved();
        string? outcome = "success";
        int seen = 0;
        // Below 1,500 MB the .NET runtime itself may not begin.
        for (int megabytes = 6000; megabytes >= 1500; megabytes -= 75)
        {
            string now = Outcome(way, folder, megabytes);
            seen += now == outcome ? 0 : 1;
            outcome = now;
        }

        Assert.AreEqual("exception", outcome);
        Assert.IsGreaterThan(0, seen);
    }

    private static TemporaryFolder Saved()
    {
        var folder = new TemporaryFolder();
        File.WriteAllText(folder["config.json"], Config);
        Assert.AreEqual("success", Outcome("save", folder, megabytes: null));
        return folder;
    }

    /// <summary>The first word of the last line that the process wrote; fails where it crashed.</summary>
    private static string Outcome(string way, TemporaryFolder folder, int? megabytes)
    {
        string limit = megabytes is { } m ? $"{m * 1024L}" : "unlimited";
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        string program = Path.Combine(HostProcess.Output, "Microsoft.ML.Perceiver.TestHost.dll");
        var start = new ProcessStartInfo("bash") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])
            ["-c", "ulimit -c 0; ulimit -v $0; exec \"$@\"", limit, host, program, "bounded", way, folder.Path])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment.Remove("PERCEIVER_TORCH_LIB");
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"'{way}' with {limit} kB did not end.");
        }

        string last = output.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? "";
        Assert.AreEqual(0, process.ExitCode, $"'{way}' with {limit} kB: {output.Result} {error.Result}");
        return last.Split(' ')[0];
    }
}
