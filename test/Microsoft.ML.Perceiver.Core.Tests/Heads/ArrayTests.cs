using Microsoft.ML.Perceiver.Tests.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Heads;

/// <summary>The head of arrays beside a model whose input vectors and queries are computed here, number by number.</summary>
[TestClass]
public sealed class ArrayTests
{
    private const string Series = nameof(TinyArrays.Series), Grid = nameof(TinyArrays.Grid);
    private const string Film = nameof(TinyArrays.Film), Points = nameof(TinyArrays.Points), Table = nameof(TinyArrays.Table);
    private const string Pooled = "pooled", Positions = "positions", AtCoordinates = "coordinates";

    [TestMethod]
    [DataRow(Series, Pooled)]
    [DataRow(Series, Positions)]
    [DataRow(Series, AtCoordinates)]
    [DataRow(Grid, Pooled)]
    [DataRow(Grid, Positions)]
    [DataRow(Grid, AtCoordinates)]
    [DataRow(Film, Pooled)]
    [DataRow(Film, Positions)]
    [DataRow(Film, AtCoordinates)]
    [DataRow(Points, Pooled)]
    [DataRow(Points, Positions)]
    [DataRow(Points, AtCoordinates)]
    [DataRow(Table, Pooled)]
    [DataRow(Table, Positions)]
    public void It_computes_what_a_model_put_together_by_hand_computes(string kind, string output)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var settings = TinyArrays.Of(kind) with { Output = output };
        var config = TinyArrays.Config(settings);
        using var model = new PerceiverForArray(config, seed: 1);
        var inputs = TinyArrays.Inputs(settings, 2);
        var coordinates = TinyArrays.Coordinates(settings, 2);
        int axes = settings.CoordinateResolutions?.Count ?? settings.InputShape.Count;
        var places = output == AtCoordinates ? TinyArrays.Places(2, 5, axes) : null;
        var actual = model.forward(inputs, coordinates: coordinates, outputCoordinates: places).Logits;

        var vectors = ArrayVectors.Of(settings, model.state_dict(), inputs, coordinates);
        var query = output == Pooled ? null : places is null ? vectors : ArrayVectors.Fourier(settings, places);
        using var decoder = new PerceiverClassificationDecoder(config, new PerceiverBasicDecoderOptions
        {
            NumChannels = output == Pooled ? config.LatentChannels : (int)query!.shape[2],
            PositionEncoding = PerceiverPositionEncodingOptions.ForTrainable(config.LatentChannels, 1),
            UseQueryResidual = true,
        });
        using var whole = new PerceiverModel(config with { ModelChannels = (int)vectors.shape[2] }, decoder, seed: 9);
        foreach (var (name, value) in whole.state_dict())
        {
            if (model.state_dict().TryGetValue($"perceiver.{name}", out var weight))
                value.copy_(weight);
            else
                Assert.Contains("output_position_encodings", name);
        }

        if (query is null)
        {
            TinyModels.AssertSame(whole.forward(vectors).Logits!, actual);
            CollectionAssert.AreEqual(new long[] { 2, 3 }, actual.shape);
            return;
        }

        // The decoder gives the answer of its first query.
        var latents = whole.Encode(vectors);
        long count = query.shape[1];
        var expected = Enumerable.Range(0, (int)count).Select(i => decoder.forward(query.narrow(1, i, 1), latents).Logits).ToArray();
        TinyModels.AssertSame(stack(expected, 1), actual);
        CollectionAssert.AreEqual(new[] { 2, places is null ? settings.Vectors : 5L, 3 }, actual.shape);
    }

    [TestMethod]
    [DataRow(Series, Pooled)]
    [DataRow(Series, Positions)]
    [DataRow(Film, Pooled)]
    [DataRow(Table, Pooled)]
    [DataRow(Points, Pooled)]
    [DataRow(Points, Positions)]
    public void Padding_changes_no_answer(string kind, string output)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var settings = TinyArrays.Of(kind) with { Output = output };
        using var model = new PerceiverForArray(TinyArrays.Config(settings), seed: 1);
        int width = ArrayBatch.WidthOf(settings), axes = settings.CoordinateResolutions?.Count ?? 0;
        ArrayRow[] rows = [.. new[] { 2, 3, 1 }.Select((length, i) => new ArrayRow(
            TinyModels.Normal(i + 5, length * width).data<float>().ToArray(),
            axes == 0 ? null : TinyArrays.Places(1, length, axes, i).data<float>().ToArray()))];
        var together = Score(rows);
        for (int i = 0; i < rows.Length; i++)
        {
            var alone = Score([rows[i]]);
            var same = output == Pooled ? together[i] : together[i].narrow(0, 0, alone.shape[1]);
            TinyModels.AssertSame(alone[0], same);
        }

        Tensor Score(ArrayRow[] batch)
        {
            var tensors = ArrayBatch.Of(settings, batch, CPU);
            return model.forward(tensors.Inputs, tensors.Mask, coordinates: tensors.Coordinates).Logits;
        }
    }

    [TestMethod]
    public void A_series_that_ends_within_a_patch_is_filled_with_means()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var settings = TinyArrays.Series with { Patch = [5], Means = [100, -3], Deviations = [4, 2] };
        using var model = new PerceiverForArray(TinyArrays.Config(settings), seed: 1);
        float[] three = [101, 1, 102, 2, 103, 3];
        float[] filled = [.. three, 100, -3, 100, -3];
        float[] ten = [.. filled, .. filled];
        var batch = ArrayBatch.Of(settings, [new ArrayRow(three), new ArrayRow(ten)], CPU);
        CollectionAssert.AreEqual(new float[] { 1, 0, 1, 1 }, batch.Mask!.data<float>().ToArray());
        var answers = model.forward(batch.Inputs, batch.Mask).Logits;
        TinyModels.AssertSame(model.forward(tensor(filled, 1, 5, 2)).Logits[0], answers[0]);
        TinyModels.AssertSame(model.forward(tensor(ten, 1, 10, 2)).Logits[0], answers[1]);
    }

    [TestMethod]
    public void A_mask_along_the_first_axis_is_that_of_all_vectors_there()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var model = new PerceiverForArray(TinyArrays.Config(TinyArrays.Film), seed: 1);
        var inputs = TinyArrays.Inputs(TinyArrays.Film, 1);
        var byFrame = model.forward(inputs, tensor(new float[] { 1, 0, 1 }, 1, 3)).Logits;
        var byVector = model.forward(inputs, tensor(new float[] { 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1 }, 1, 12)).Logits;
        Assert.AreEqual(0f, TinyModels.MaxDifference(byFrame, byVector));
        Assert.IsGreaterThan(1e-3f, TinyModels.MaxDifference(byFrame, model.forward(inputs).Logits));
    }

    [TestMethod]
    public void A_loss_of_positions_counts_those_that_the_mask_keeps()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var settings = TinyArrays.Series with { Output = Positions };
        var inputs = TinyArrays.Inputs(settings, 2);
        var mask = ones(2, 10);
        mask[1, TensorIndex.Slice(6)] = 0;
        foreach (var problem in Enum.GetValues<PerceiverProblemType>())
        {
            var config = TinyArrays.Config(settings) with { ProblemType = ClassificationLoss.NameOf(problem) };
            using var model = new PerceiverForArray(config, seed: 1);
            bool isIndex = problem == PerceiverProblemType.SingleLabel;
            var labels = isIndex ? arange(20, ScalarType.Int64).remainder(3).view(2, 10) : TinyModels.Normal(4, 2, 10, 3).sigmoid();
            var output = model.forward(inputs, mask, labels: labels);
            var kept = cat([output.Logits[0], output.Logits[1].narrow(0, 0, 6)]);
            var targets = cat([labels[0], labels[1].narrow(0, 0, 6)]);
            TinyModels.AssertSame(ClassificationLoss.Compute(kept, targets, problem), output.Loss!, $"{problem}");
        }
    }

    [TestMethod]
    public void Attention_probabilities_come_from_both_cross_attentions()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var settings = TinyArrays.Points with { Output = AtCoordinates };
        using var model = new PerceiverForArray(TinyArrays.Config(settings), seed: 1);
        var output = model.forward(
            TinyArrays.Inputs(settings, 2),
            outputAttentions: true,
            coordinates: TinyArrays.Coordinates(settings, 2),
            outputCoordinates: TinyArrays.Places(1, 4, 2));
        CollectionAssert.AreEqual(new long[] { 2, 2, 6, 8 }, output.CrossAttentions![0].shape);
        CollectionAssert.AreEqual(new long[] { 2, 1, 4, 6 }, output.CrossAttentions[1].shape);
    }

    [TestMethod]
    public void Two_calls_leave_no_tensor_behind()
    {
        var settings = TinyArrays.Grid with { Output = Positions };
        using var model = new PerceiverForArray(TinyArrays.Config(settings), seed: 1);
        using var inputs = TinyArrays.Inputs(settings, 2);
        using var gradients = no_grad();
        model.forward(inputs).Dispose();
        long before = TinyModels.TensorsBefore();
        model.forward(inputs).Dispose();
        Assert.AreEqual(before, Tensor.TotalCount);
    }
}
