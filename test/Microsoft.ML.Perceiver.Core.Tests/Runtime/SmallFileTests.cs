using System.Diagnostics;
using System.Runtime.Versioning;

namespace Microsoft.ML.Perceiver.Core.Tests.Runtime;

/// <summary>Files of settings that are no files, or too long.</summary>
[TestClass]
[SupportedOSPlatform("linux")]
public sealed class SmallFileTests
{
    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void A_pipe_and_a_device_are_refused_at_once()
    {
        using var folder = new TemporaryFolder();
        using (var process = Process.Start("mkfifo", folder["pipe"]))
            process.WaitForExit();
        File.CreateSymbolicLink(folder["device"], "/dev/zero");
        foreach (string name in new[] { "pipe", "device" })
        {
            AtOnce(() => PerceiverConfig.FromFile(folder[name]));
            AtOnce(() => PerceiverImageProcessorOptions.FromFile(folder[name]));
        }

        File.CreateSymbolicLink(folder["tokenizer_config.json"], folder["pipe"]);
        AtOnce(() => PerceiverTokenizer.FromDirectory(folder.Path));

        // On a thread of its own, which stays behind where the file is opened.
        static void AtOnce(Action read)
        {
            var task = Task.Factory.StartNew(
                () => Assert.ThrowsExactly<FormatException>(read), default, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            Assert.IsTrue(task.Wait(TimeSpan.FromSeconds(60)), "the file is waited for");
        }
    }

    [TestMethod]
    public void A_long_file_is_refused_before_it_is_read()
    {
        using var folder = new TemporaryFolder();
        using (var file = File.Create(folder["config.json"]))
            file.SetLength(3L << 30);
        long before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.ThrowsExactly<FormatException>(() => PerceiverConfig.FromFile(folder.Path));
        StringAssert.Contains(error.Message, $"{3L << 30} bytes");
        Assert.IsLessThan(10L << 20, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void A_file_with_a_byte_order_mark_is_read()
    {
        using var folder = new TemporaryFolder();
        var marked = new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: true);
        File.WriteAllText(folder["config.json"], """{"num_latents": 7}""", marked);
        Assert.AreEqual(7, PerceiverConfig.FromFile(folder.Path).NumLatents);
    }
}
