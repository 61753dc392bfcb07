using Microsoft.ML.Perceiver.Tests.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Heads;

/// <summary>Inputs that the head of arrays does not take, and what is said of them.</summary>
[TestClass]
public sealed class ArrayErrorTests
{
    [TestMethod]
    [DataRow(new long[] { 2, 10 }, "[2, 10]")]
    [DataRow(new long[] { 2, 10, 3 }, "10, 3]")]
    [DataRow(new long[] { 2, 11, 2 }, "from 1 to 10")]
    [DataRow(new long[] { 2, 0, 2 }, "from 1 to 10")]
    [DataRow(new long[] { 2, 5, 2, 1 }, "[2, 5, 2, 1]")]
    public void A_series_of_another_shape_is_named(long[] shape, string said) =>
        AssertSays(said, TinyArrays.Series, (model, _) => model.forward(zeros(shape)));

    [TestMethod]
    [DataRow(new long[] { 2, 3, 6, 1 }, "a multiple of 2")]
    [DataRow(new long[] { 2, 4, 5, 1 }, "length, 6, 1]")]
    public void A_grid_of_another_shape_is_named(long[] shape, string said) =>
        AssertSays(said, TinyArrays.Grid, (model, _) => model.forward(zeros(shape)));

    [TestMethod]
    public void Whole_numbers_are_refused() =>
        AssertSays("Int64", TinyArrays.Series, (model, inputs) => model.forward(inputs.to(ScalarType.Int64)));

    [TestMethod]
    public void Coordinates_are_needed_or_refused()
    {
        AssertSays("coordinates are missing", TinyArrays.Points, (model, inputs) => model.forward(inputs));
        AssertSays("no coordinates", TinyArrays.Series, (model, inputs) => model.forward(inputs, coordinates: zeros(2, 10, 1)));
        AssertSays(
            "output coordinates are missing",
            TinyArrays.Series with { Output = "coordinates" },
            (model, inputs) => model.forward(inputs));
        AssertSays("one answer", TinyArrays.Series, (model, inputs) => model.forward(inputs, outputCoordinates: zeros(1, 3, 1)));
        AssertSays(
            "no output coordinates",
            TinyArrays.Series with { Output = "positions" },
            (model, inputs) => model.forward(inputs, outputCoordinates: zeros(1, 3, 1)));
    }

    [TestMethod]
    [DataRow(new long[] { 2, 8, 3 }, 0, "need to be floats [2, 8, 2]")]
    [DataRow(new long[] { 2, 7, 2 }, 0, "need to be floats [2, 8, 2]")]
    [DataRow(new long[] { 3, 8, 2 }, 0, "need to be floats [2, 8, 2]")]
    [DataRow(new long[] { 2, 8, 2 }, 1.01, "1.01; they must be from -1 to 1")]
    [DataRow(new long[] { 2, 8, 2 }, -7, "7; they must be from -1 to 1")]
    [DataRow(new long[] { 2, 8, 2 }, double.NaN, "NaN; they must be from -1 to 1")]
    public void Coordinates_of_points_that_do_not_fit_are_named(long[] shape, double value, string said)
    {
        var coordinates = zeros(shape);
        coordinates[0, 3, 1] = (float)value;
        AssertSays(said, TinyArrays.Points, (model, inputs) => model.forward(inputs, coordinates: coordinates));
    }

    [TestMethod]
    [DataRow(new long[] { 2, 3, 2 }, 0, "need to be floats [2, points, 1]")]
    [DataRow(new long[] { 3, 3, 1 }, 0, "need to be floats [2, points, 1]")]
    [DataRow(new long[] { 1, 0, 1 }, 0, "need to be floats [2, points, 1]")]
    [DataRow(new long[] { 1, 3, 1 }, 2, "2; they must be from -1 to 1")]
    public void Output_coordinates_that_do_not_fit_are_named(long[] shape, double value, string said)
    {
        var places = full(shape, (float)value);
        AssertSays(
            said,
            TinyArrays.Series with { Output = "coordinates" },
            (model, inputs) => model.forward(inputs, outputCoordinates: places));
    }

    [TestMethod]
    public void A_mask_or_labels_of_another_shape_are_named()
    {
        AssertSays("[2, 9]", TinyArrays.Series, (model, inputs) => model.forward(inputs, ones(2, 9)));
        AssertSays(
            "[2, 9]",
            TinyArrays.Series with { Output = "positions" },
            (model, inputs) => model.forward(inputs, labels: zeros(2, 9, ScalarType.Int64)));
    }

    [TestMethod]
    public void A_configuration_without_an_array_is_refused()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => new PerceiverForArray(TinyModels.Config, initialize: false));
        Assert.Contains("'array'", error.Message);
    }

    private static void AssertSays(string said, PerceiverArraySettings settings, Action<PerceiverForArray, Tensor> act)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var model = new PerceiverForArray(TinyArrays.Config(settings), seed: 1);
        var error = Assert.ThrowsExactly<ArgumentException>(() => act(model, TinyArrays.Inputs(settings, 2)));
        Assert.Contains(said, error.Message);
    }
}
