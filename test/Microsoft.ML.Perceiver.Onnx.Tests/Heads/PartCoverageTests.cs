using System.Reflection;

namespace Microsoft.ML.Perceiver.Onnx.Tests.Heads;

/// <summary>Every part of the library has operators of ONNX, so that a head made of them is exported.</summary>
[TestClass]
public sealed class PartCoverageTests
{
    [TestMethod]
    [DataRow(typeof(PerceiverPreTrainedModel), "ToOnnx")]
    [DataRow(typeof(PerceiverPreprocessor), "ToOnnx")]
    [DataRow(typeof(PerceiverPreprocessor), "InputsToOnnx")]
    [DataRow(typeof(PerceiverDecoder), "ToOnnx")]
    [DataRow(typeof(PerceiverDecoder), "QueryToOnnx")]
    [DataRow(typeof(PerceiverPostprocessor), "ToOnnx")]
    public void Every_class_has_its_own(Type baseClass, string method)
    {
        var classes = baseClass.Assembly.GetTypes().Where(t => t.IsPublic && !t.IsAbstract && t.IsSubclassOf(baseClass)).ToArray();
        Assert.IsNotEmpty(classes);
        string[] without = [.. classes.Where(c => !Has(c, baseClass, method)).Select(c => c.Name)];
        CollectionAssert.AreEqual(Array.Empty<string>(), without);
    }

    private static bool Has(Type type, Type baseClass, string method) =>
        // Several modalities are no single value: their postprocessor has a method of its own.
        type == typeof(PerceiverMultimodalPostprocessor)
        || type.GetMethods(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public)
            .Any(m => m.Name == method && m.IsVirtual && m.DeclaringType != baseClass);
}
