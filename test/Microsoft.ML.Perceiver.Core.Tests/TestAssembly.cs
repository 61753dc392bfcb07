namespace Microsoft.ML.Perceiver.Tests;

/// <summary>Tests make tensors before they touch the library, so libtorch is loaded here.</summary>
[TestClass]
public static class TestAssembly
{
    [AssemblyInitialize]
    public static void LoadTorch(TestContext context) => TorchRuntime.EnsureLoaded();
}
