using System.Text.Json;

namespace Microsoft.ML.Perceiver.Onnx.Tests.Writing;

/// <summary>The names of labels are in a file's metadata.</summary>
[TestClass]
public sealed class LabelNameTests
{
    private static readonly string[] Names = ["sad", "glücklich \"so\"", "\U0001F642"];

    [TestMethod]
    public void Classifiers_name_their_labels()
    {
        var config = Exported.Config.WithLabels(Names);
        using var texts = new PerceiverForSequenceClassification(config);
        using var words = new PerceiverForTokenClassification(config);
        foreach (PerceiverPreTrainedModel model in (PerceiverPreTrainedModel[])[texts, words])
            CollectionAssert.AreEqual(Names, JsonSerializer.Deserialize<string[]>(MetadataOf(model)[PerceiverOnnx.LabelsKey]));
    }

    [TestMethod]
    public void A_model_without_labels_has_no_such_entry()
    {
        using var model = new PerceiverForMaskedLM(Exported.Config);
        Assert.IsEmpty(MetadataOf(model));
    }

    private static IReadOnlyDictionary<string, string> MetadataOf(PerceiverPreTrainedModel model)
    {
        using var folder = new TemporaryFolder();
        PerceiverOnnx.Export(model, folder["model.onnx"]);
        using var session = new OnnxSession(folder["model.onnx"]);
        return session.Metadata;
    }
}
