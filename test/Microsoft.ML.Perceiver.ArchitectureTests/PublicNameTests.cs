namespace Microsoft.ML.Perceiver.Tests.Architecture;

/// <summary>
/// Public types have the prefix Perceiver, so that no name collides with ML.NET's or TorchSharp's and completion lists them together.
/// </summary>
[TestClass]
public sealed class PublicNameTests
{
    // File formats have names of their own, libtorch is nothing of the Perceiver's, and the models' names have a namespace of their own.
    private static readonly string[] Exceptions =
    [
        nameof(FloFile), nameof(KittiFlowFile), nameof(PyTorchFile), nameof(SafeTensorsFile), nameof(SafeTensorsWriter),
        nameof(TorchRuntime), nameof(TorchRuntimeException), nameof(TorchRuntimeOptions),
        nameof(Models.BundledModels),
    ];

    [TestMethod]
    public void Public_types_have_the_prefix()
    {
        var assemblies = new[]
        {
            typeof(PerceiverConfig).Assembly, typeof(PerceiverCatalog).Assembly, typeof(PerceiverPool<,>).Assembly,
            typeof(PerceiverEmbeddingGenerator).Assembly, typeof(PerceiverMpi).Assembly,
        };
        var types = assemblies.SelectMany(a => a.GetExportedTypes());
        string[] names = [.. types.Where(type => !type.IsNested).Select(type => type.Name)];
        Assert.IsGreaterThan(100, names.Length);
        var wrong = names.Where(name => !name.TrimStart('I').StartsWith("Perceiver", StringComparison.Ordinal)).Except(Exceptions);
        Assert.AreEqual("", string.Join(", ", wrong));
    }
}
