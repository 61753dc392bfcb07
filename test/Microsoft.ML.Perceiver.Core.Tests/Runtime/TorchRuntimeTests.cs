using TorchSharp;

namespace Microsoft.ML.Perceiver.Tests.Runtime;

/// <summary>What can be seen in the tests' own process; the rest is in <see cref="TorchRuntimeProcessTests"/>.</summary>
[TestClass]
public class TorchRuntimeTests
{
    [TestMethod]
    public void The_version_looked_for_is_TorchSharps_own()
    {
        TorchRuntime.EnsureLoaded();
        Assert.StartsWith(NativeFiles.LibTorchVersion, torch.__version__);
    }

    [TestMethod]
    public void No_index_is_the_CPU()
    {
        Assert.AreEqual(DeviceType.CPU, TorchRuntime.SelectDevice(null, fallbackToCpu: false).type);
        Assert.AreEqual(DeviceType.CPU, TorchRuntime.SelectDevice(null, fallbackToCpu: true).type);
    }

    [TestMethod]
    public void A_negative_index_is_refused() =>
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => TorchRuntime.SelectDevice(-1, fallbackToCpu: true));

    [TestMethod]
    public void An_index_beyond_the_devices_falls_back_or_fails()
    {
        Assert.AreEqual(DeviceType.CPU, TorchRuntime.SelectDevice(999, fallbackToCpu: true).type);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => TorchRuntime.SelectDevice(999, fallbackToCpu: false));
        Assert.StartsWith("GPU 999 was asked for", error.Message);
    }

    [TestMethod]
    public void An_index_that_exists_is_honoured()
    {
        if (!TorchRuntime.IsCudaAvailable)
            Assert.Inconclusive("There is no CUDA device.");
        var last = torch.cuda.device_count() - 1;
        var device = TorchRuntime.SelectDevice(last, fallbackToCpu: false);
        Assert.AreEqual(DeviceType.CUDA, device.type);
        Assert.AreEqual(last, device.index);
    }

    [TestMethod]
    public void Options_are_checked()
    {
        Assert.ThrowsExactly<ArgumentNullException>(() => TorchRuntime.Initialize(null!));
        Assert.ThrowsExactly<ArgumentException>(() => TorchRuntime.Initialize(new TorchRuntimeOptions { LibTorchDirectory = " " }));
    }
}
