using System.Reflection;
using System.Runtime.Versioning;
using Microsoft.ML.Perceiver.Models;

namespace Microsoft.ML.Perceiver.Tests.Net8;

/// <summary>The tests of this project run what was compiled for .NET 8.</summary>
[TestClass]
public sealed class AssemblyTests
{
    [AssemblyInitialize]
    public static void LoadNatives(TestContext context) => TorchRuntime.EnsureLoaded();

    [TestMethod]
    [DataRow(typeof(PerceiverCheckpoint))]
    [DataRow(typeof(PerceiverTransformer))]
    [DataRow(typeof(BundledModels))]
    public void The_assembly_is_that_of_NET_8(Type type) => Assert.AreEqual(
        ".NETCoreApp,Version=v8.0", type.Assembly.GetCustomAttribute<TargetFrameworkAttribute>()!.FrameworkName, type.Assembly.Location);
}
