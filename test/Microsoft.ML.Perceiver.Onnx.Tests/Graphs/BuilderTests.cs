namespace Microsoft.ML.Perceiver.Onnx.Tests.Graphs;

/// <summary>Mistakes are errors where an operator is added, which name it and the shapes.</summary>
[TestClass]
public sealed class BuilderTests
{
    [TestMethod]
    public void Products_need_as_many_columns_as_rows()
    {
        using var builder = new OnnxBuilder(new OnnxForm(20));
        var a = builder.Input("a", OnnxElement.Float, "batch", 3, 4);
        var b = builder.Input("b", OnnxElement.Float, 5, 6);
        var error = Assert.ThrowsExactly<ArgumentException>(() => builder.MatMul(a, b));
        Assert.Contains("MatMul", error.Message);
        Assert.Contains("[batch, 3, 4]", error.Message);
        Assert.Contains("[5, 6]", error.Message);
    }

    [TestMethod]
    public void Types_are_checked()
    {
        using var builder = new OnnxBuilder(new OnnxForm(20));
        var ids = builder.Input("ids", OnnxElement.Int64, "batch");
        var x = builder.Input("x", OnnxElement.Float, "batch");
        Assert.Contains("Add", Assert.ThrowsExactly<ArgumentException>(() => builder.Plus(ids, x)).Message);
        Assert.Contains("Gather", Assert.ThrowsExactly<ArgumentException>(() => builder.Gather(ids, x)).Message);
        Assert.Contains("Erf", Assert.ThrowsExactly<ArgumentException>(() => builder.Erf(ids)).Message);
        var row = builder.Unsqueeze(x, 0);
        var column = builder.Cast(builder.Unsqueeze(x, 1), OnnxElement.Double);
        Assert.Contains("MatMul", Assert.ThrowsExactly<ArgumentException>(() => builder.MatMul(row, column)).Message);
        Assert.Contains("Pad", Assert.ThrowsExactly<ArgumentException>(() => builder.Pad(x, 1, 2)).Message);
    }

    [TestMethod]
    public void Sizes_of_different_names_differ()
    {
        using var builder = new OnnxBuilder(new OnnxForm(20));
        var a = builder.Input("a", OnnxElement.Float, "batch", "tokens");
        var b = builder.Input("b", OnnxElement.Float, "batch", "words");
        Assert.Contains("Mul", Assert.ThrowsExactly<ArgumentException>(() => builder.Multiply(a, b)).Message);
        Assert.ThrowsExactly<ArgumentException>(() => builder.Reshape(a, "batch", "words"));
        Assert.ThrowsExactly<ArgumentException>(() => builder.Expand(a, "batch", 3));
        Assert.ThrowsExactly<ArgumentException>(() => builder.Transpose(a, 0, 0));
        Assert.ThrowsExactly<ArgumentException>(() => builder.Concat(1, a, builder.Unsqueeze(b, 0)));
    }

    [TestMethod]
    public void Two_inputs_of_one_name_are_refused()
    {
        using var builder = new OnnxBuilder(new OnnxForm(20));
        builder.Input("a", OnnxElement.Float, 1);
        Assert.ThrowsExactly<ArgumentException>(() => builder.Input("a", OnnxElement.Float, 1));
    }

    [TestMethod]
    public void An_operator_that_the_set_lacks_is_named()
    {
        using var model = new PerceiverForMaskedLM(Exported.Config);
        using var folder = new TemporaryFolder();
        var error = Assert.ThrowsExactly<NotSupportedException>(
            () => PerceiverOnnx.Export(model, folder["model.onnx"], new PerceiverOnnxOptions { Opset = 16 }));
        Assert.Contains("LayerNormalization", error.Message);
        Assert.Contains("16", error.Message);
        Assert.Contains("17", error.Message);
        Assert.IsEmpty(Directory.GetFileSystemEntries(folder.Path));
    }

    [TestMethod]
    public void Products_of_sizes_have_one_name()
    {
        OnnxDimension batch = "batch", points = "points";
        Assert.AreEqual(batch * points * 3, 3 * (points * batch));
        Assert.AreEqual("3*batch*points", (points * 3 * batch).ToString());
    }
}
