using System.Reflection;
using System.Runtime.Versioning;

namespace Microsoft.ML.Perceiver.Tests.Net8;

/// <summary>The tests of this project run what was compiled for .NET 8.</summary>
[TestClass]
public sealed class AssemblyTests
{
    [AssemblyInitialize]
    public static void LoadNatives(TestContext context) => TorchRuntime.EnsureLoaded();

    [TestMethod]
    [DataRow("Microsoft.ML.Perceiver.Core")]
    [DataRow("Microsoft.ML.Perceiver")]
    [DataRow("Microsoft.ML.Perceiver.Models.Language")]
    public void The_assembly_is_that_of_NET_8(string name)
    {
        var assembly = Assembly.Load(name);
        string framework = assembly.GetCustomAttribute<TargetFrameworkAttribute>()!.FrameworkName;
        Assert.AreEqual(".NETCoreApp,Version=v8.0", framework, assembly.Location);
    }
}
