using System.Runtime.Versioning;

namespace Microsoft.ML.Perceiver.Tests.Runtime;

/// <summary>
/// A libtorch of another release: an error that names the switch, and with the switch a warning. It is TorchSharp's library that is changed
/// here, so that it asks for a function which no libtorch has.
/// </summary>
[TestClass]
[OSCondition(OperatingSystems.Linux)]
[SupportedOSPlatform("linux")]
public sealed class OtherReleaseTests : IDisposable
{
    // Nothing else of libtorch calls it.
    private static readonly byte[] Function = "_ZN2at4_ops10fft_ihfft2"u8.ToArray();
    private const string Missing = "it lacks _ZN2at4_ops10fft_ixfft2";
    private const string Switch = "TorchRuntimeOptions.AllowOtherRelease";

    private readonly TemporaryFolder _root = new();

    public void Dispose() => _root.Dispose();

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Without_the_switch_an_error_names_it(bool byEnvironment)
    {
        StageOtherRelease();
        var lines = Initialize(isAllowed: false, byEnvironment);
        Assert.HasCount(1, lines);
        Assert.StartsWith("TorchSharp's native libraries cannot be loaded: ", lines[0]);
        Assert.Contains("is not the release that", lines[0]);
        Assert.Contains(Missing, lines[0]);
        Assert.Contains(Switch, lines[0]);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void With_the_switch_it_is_a_warning(bool byEnvironment)
    {
        StageOtherRelease();
        var lines = Initialize(isAllowed: true, byEnvironment);
        Assert.HasCount(2, lines);
        Assert.AreEqual("sum 36", lines[0]);
        Assert.StartsWith("Warning TorchSharp", lines[1]);
        Assert.Contains($"libtorch from {_root["torch"]}", lines[1]);
        Assert.Contains("is not the release that", lines[1]);
        Assert.Contains(Missing, lines[1]);
    }

    [TestMethod]
    public void The_right_release_is_not_warned_of()
    {
        Stage(TestLibrary.Read());
        var lines = Initialize(isAllowed: true, byEnvironment: false);
        Assert.HasCount(2, lines);
        Assert.AreEqual("sum 36", lines[0]);
        Assert.StartsWith("Information TorchSharp", lines[1]);
    }

    private void StageOtherRelease()
    {
        var library = TestLibrary.Read();
        var at = library.AsSpan().IndexOf(Function);
        Assert.IsGreaterThan(0, at);
        library[at + Function.Length - "hfft2".Length] = (byte)'x';
        Stage(library);
    }

    private void Stage(byte[] torchSharpLibrary)
    {
        _root.StageProgram();
        File.WriteAllBytes(_root["program/libLibTorchSharp.so"], torchSharpLibrary);
        Directory.CreateDirectory(_root["torch"]);
        _root.LinkLibTorchInto("torch");
    }

    private string[] Initialize(bool isAllowed, bool byEnvironment)
    {
        var environment = new Dictionary<string, string>
        {
            ["XDG_CACHE_HOME"] = _root["cache"],
            ["NUGET_PACKAGES"] = _root["packages"],
        };
        if (byEnvironment)
            environment["PERCEIVER_TORCH_LIB"] = _root["torch"];
        return HostProcess.Run(
            $"other-release {isAllowed} {(byEnvironment ? "-" : _root["torch"])}", environment, _root["program"]);
    }
}
