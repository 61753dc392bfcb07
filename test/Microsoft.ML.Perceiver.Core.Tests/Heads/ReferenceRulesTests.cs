using Microsoft.ML.Perceiver.Tests.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Heads;

/// <summary>Rules of the reference that the golden data has no case of.</summary>
[TestClass]
public sealed class ReferenceRulesTests
{
    [TestMethod]
    public void Trainable_positions_are_asked_for_all_outputs_whatever_the_points()
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        using var decoder = new PerceiverBasicDecoder(
            TinyModels.Config,
            new() { OutputIndexDims = [5], NumChannels = 4, PositionEncoding = PerceiverPositionEncodingOptions.ForTrainable(4, 5) });
        PerceiverModuleParameters.Initialize(decoder, 1, 0.3);
        var inputs = new PerceiverPreprocessedInputs(ones(2, 3, 4));
        var points = tensor(new long[] { 3, 1 });
        Assert.AreEqual(0f, TinyModels.MaxDifference(decoder.Query(inputs)!, decoder.Query(inputs, points)!));
        CollectionAssert.AreEqual(new long[] { 1, 5, 4 }, decoder.Query(inputs, points)!.shape);
        CollectionAssert.AreEqual(new long[] { 1, 2, 4 }, decoder.QueryAt(points.unsqueeze(0)).shape);
    }

    [TestMethod]
    public void A_classification_decoder_with_Fourier_positions_takes_points()
    {
        using var scope = NewDisposeScope();
        using var decoder = new PerceiverClassificationDecoder(
            TinyModels.Config,
            new()
            {
                OutputIndexDims = [5],
                NumChannels = 5,
                PositionEncoding = PerceiverPositionEncodingOptions.ForFourier(new PerceiverFourierPositionOptions(2, [5])),
            });
        CollectionAssert.AreEqual(
            new long[] { 1, 2, 5 }, decoder.Query(new PerceiverPreprocessedInputs(ones(2, 3, 4)), tensor(new long[] { 3, 1 })).shape);
    }

    [TestMethod]
    [DataRow(true, true)]
    [DataRow(true, false)]
    [DataRow(false, true)]
    [DataRow(false, false)]
    public void The_configuration_says_what_is_returned_where_the_call_does_not(bool attentions, bool states)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        var config = TinyModels.Config with { OutputAttentions = attentions, OutputHiddenStates = states, ImageSize = 3 };
        using var bare = new PerceiverModel(config);
        using var language = new PerceiverForMaskedLM(config);
        using var texts = new PerceiverForSequenceClassification(config);
        using var images = new PerceiverForImageClassificationLearned(config);
        var ids = TinyModels.Ids(1, 9);
        Check(new(attentions, states), bare.forward(ones(1, 9, 24)), decoder: false);
        Check(new(attentions, states), language.forward(ids), decoder: true);
        Check(new(attentions, states), texts.forward(ids), decoder: true);
        Check(new(attentions, states), images.forward(ones(1, 3, 3, 3)), decoder: true);
        Check(new(!attentions, !states), texts.forward(ids, outputAttentions: !attentions, outputHiddenStates: !states), decoder: true);
        Check(new(!attentions, !states), language.forward(ids, outputAttentions: !attentions, outputHiddenStates: !states), decoder: true);
    }

    [TestMethod]
    public void What_is_returned_is_kept_in_the_file_where_it_is_not_the_default()
    {
        var config = PerceiverConfig.FromJson("""{"output_attentions": true, "output_hidden_states": true}""");
        Assert.IsTrue(config is { OutputAttentions: true, OutputHiddenStates: true });
        Assert.IsEmpty(config.OtherKeys);
        StringAssert.Contains(config.ToJson(), "\"output_attentions\": true");
        StringAssert.Contains(config.ToJson(), "\"output_hidden_states\": true");
        Assert.IsFalse(new PerceiverConfig().ToJson().Contains("\"output_attentions\"", StringComparison.Ordinal));
        Assert.IsFalse(new PerceiverConfig().ToJson().Contains("output_hidden_states", StringComparison.Ordinal));
    }

    [TestMethod]
    [DataRow(1, ScalarType.Float32, "regression")]
    [DataRow(3, ScalarType.Int64, "single_label_classification")]
    [DataRow(3, ScalarType.Float32, "multi_label_classification")]
    public void The_problem_type_of_the_first_labels_is_saved(int labels, ScalarType type, string expected)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        using var folder = new TemporaryFolder();
        using var model = new PerceiverForSequenceClassification(
            TinyModels.Config.WithLabels(Enumerable.Range(0, labels).Select(i => $"l{i}").ToArray()));
        model.forward(TinyModels.Ids(2, 9), labels: zeros(type == ScalarType.Float32 && labels > 1 ? [2, labels] : [2], type));
        Assert.AreEqual(expected, model.Config.ProblemType);
        model.SavePretrained(folder.Path);
        Assert.AreEqual(expected, PerceiverConfig.FromFile(folder.Path).ProblemType);
        using var loaded = PerceiverForSequenceClassification.FromPretrained(folder.Path);
        Assert.AreEqual(model.ProblemType, loaded.ProblemType);
    }

    private static void Check(Expected expected, PerceiverOutput output, bool decoder)
    {
        var config = TinyModels.Config;
        Assert.AreEqual(expected.Attentions ? config.NumBlocks * config.NumSelfAttendsPerBlock : null, output.Attentions?.Count);
        Assert.AreEqual(expected.Attentions ? (decoder ? 2 : 1) : null, output.CrossAttentions?.Count);
        Assert.AreEqual(expected.States ? config.NumBlocks * (config.NumSelfAttendsPerBlock + 1) : null, output.HiddenStates?.Count);
    }

    private sealed record Expected(bool Attentions, bool States);
}
