using Microsoft.ML.Perceiver.Onnx.Tests.Golden;
using Microsoft.ML.Perceiver.Tests.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Onnx.Tests.Heads;

/// <summary>Arrays, whose first axis may be shorter in the same file, points, and the three kinds of answers.</summary>
[TestClass]
public sealed class ArrayHeadTests
{
    private static PerceiverArraySettings Series { get; } = new() { InputShape = [10], InputChannels = 2, NumBands = 3 };

    [TestMethod]
    [DataRow("pooled", 10)]
    [DataRow("pooled", 3)]
    [DataRow("positions", 7)]
    public void A_series_may_be_shorter(string output, int length) =>
        Check(Series with { Output = output, Means = [0.5, -1], Deviations = [2, 3] }, randn(2, length, 2));

    [TestMethod]
    public void Numbers_of_each_element_standardise_a_shorter_film()
    {
        double[] numbers = [.. Enumerable.Range(0, 36).Select(i => 1 + i / 10.0)];
        var film = new PerceiverArraySettings
        {
            InputShape = [3, 2, 2],
            InputChannels = 3,
            NumBands = 2,
            Means = numbers,
            Deviations = [.. numbers.Reverse()],
        };
        Check(film, randn([2, 3, 2, 2, 3]));
        Check(film, randn([1, 2, 2, 2, 3]));
    }

    [TestMethod]
    [DataRow("fourier", 2)]
    [DataRow("trainable", 2)]
    [DataRow("trainable", 1)]
    public void Patches_are_cut_from_a_grid(string positions, int first)
    {
        var grid = new PerceiverArraySettings
        {
            InputShape = [4, 6],
            Patch = [first, 3],
            Positions = positions,
            PositionChannels = 5,
            NumBands = 3,
            ProjectedChannels = 7,
        };
        Check(grid, randn(3, 4, 6, 1));
        if (first == 1)
            Check(grid, randn(1, 3, 6, 1));
    }

    [TestMethod]
    [DataRow(3)]
    [DataRow(2)]
    public void Numbers_of_a_table_are_read_in_bins(int numbers)
    {
        var table = new PerceiverArraySettings
        {
            InputShape = [3],
            Positions = "trainable",
            ProjectedChannels = 6,
            Means = [1, 2, 3],
            Deviations = [1, 2, 0.5],
            Bins = [[-1, 0, 2], [-0.5, 0.1, 0.2], [0, 1, 2]],
        };
        Check(table, randn(4, numbers, 1) * 3);
    }

    [TestMethod]
    public void Answers_are_given_at_coordinates() =>
        Check(Series with { Output = "coordinates", CoordinateResolutions = null }, randn(2, 10, 2), answersAt: rand(2, 5, 1) * 2 - 1);

    [TestMethod]
    public void Points_are_read_where_they_lie()
    {
        var points = new PerceiverArraySettings
        {
            InputShape = [8],
            Positions = "coordinates",
            CoordinateResolutions = [6, 9],
            NumBands = 4,
        };
        Check(points, randn(2, 5, 1), coordinates: rand(2, 5, 2) * 2 - 1);
        Check(points with { Output = "positions" }, randn(1, 8, 1), coordinates: rand(1, 8, 2) * 2 - 1);
    }

    private static void Check(PerceiverArraySettings settings, Tensor inputs, Tensor? coordinates = null, Tensor? answersAt = null)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var config = TinyModels.Config.WithLabels(["a", "b", "c"]) with
        {
            Array = settings,
            QueryKeyChannels = 16,
            ValueChannels = 16,
            InitializerRange = 0.3,
        };
        using var model = new PerceiverForArray(config);
        var expected = model.forward(inputs, coordinates: coordinates, outputCoordinates: answersAt).Logits;
        List<(string, Tensor)> given = [(coordinates is null ? "inputs" : "values", inputs)];
        if (coordinates is not null)
            given.Add(("coordinates", coordinates));
        if (answersAt is not null)
            given.Add(("output_coordinates", answersAt));
        OnnxTolerance.AssertClose(expected, Exported.Run(model, null, [.. given])["logits"], "logits");
    }
}
