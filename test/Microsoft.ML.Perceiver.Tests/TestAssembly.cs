using System.Runtime.CompilerServices;

[assembly: IgnoresAccessChecksTo("Microsoft.ML.Core")]
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Data")]

namespace Microsoft.ML.Perceiver.Tests;

/// <summary>Some tests make tensors before they touch the library, so libtorch is loaded here.</summary>
[TestClass]
public static class TestAssembly
{
    [AssemblyInitialize]
    public static void LoadTorch(TestContext context) => TorchRuntime.EnsureLoaded();
}
