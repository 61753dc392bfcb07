using System.Runtime.CompilerServices;
using Samples;

[assembly: IgnoresAccessChecksTo("Microsoft.ML.Core")]
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Data")]

namespace Microsoft.ML.Perceiver.Tests;

/// <summary>Some tests make tensors before they touch the library, so libtorch is loaded here; those of samples need OpenCV.</summary>
[TestClass]
public static class TestAssembly
{
    [AssemblyInitialize]
    public static void LoadNatives(TestContext context)
    {
        TorchRuntime.EnsureLoaded();
        HeadlessOpenCv.Prepare();
    }
}
