namespace Playground;

/// <summary>The program that finds the motion between two frames as the page did.</summary>
internal static class FlowCode
{
    /// <param name="checkpoint">An expression for the model.</param>
    /// <param name="first">The first frame's file.</param>
    /// <param name="second">The second frame's file.</param>
    /// <param name="shrunk">The size that the frames were shrunk to; null where they kept their own.</param>
    public static string Of(string checkpoint, string first, string second, (int Width, int Height)? shrunk) => $$"""
        using Microsoft.ML;
        using Microsoft.ML.Data;
        using Microsoft.ML.Perceiver;
        using Microsoft.ML.Perceiver.Models;{{(shrunk is null ? "" : "\nusing Microsoft.ML.Transforms.Image;")}}

        var ml = new MLContext();
        var checkpoint = {{checkpoint}};
        var pair = ml.Data.LoadFromEnumerable([new { First = {{CSharpLiteral.Of(first)}}, Second = {{CSharpLiteral.Of(second)}} }]);
        var model = ml.Transforms.LoadPerceiverImages("FirstImage", imageFolder: null, "First")
            .Append(ml.Transforms.LoadPerceiverImages("SecondImage", imageFolder: null, "Second")){{Resizing(shrunk)}}
            .Append(ml.Transforms.PerceiverOpticalFlow(checkpoint, flowImageColumnName: "FlowImage"))
            .Fit(pair);
        var found = model.Transform(pair);

        // Two numbers for each pixel: how far it moves to the right and downwards, in pixels.
        float[] flow = found.GetColumn<float[]>("Flow").Single();
        var lengths = flow.Chunk(2).Select(motion => Math.Sqrt(motion[0] * motion[0] + motion[1] * motion[1])).ToArray();
        Console.WriteLine($"longest {lengths.Max():0.00} pixels, mean {lengths.Average():0.00} pixels");

        using var image = found.GetColumn<MLImage>("FlowImage").Single();
        image.Save("flow.png");

        """;

    private static string Resizing((int Width, int Height)? shrunk) => shrunk is not var (width, height) ? "" : $"""

            .Append(ml.Transforms.ResizeImages("FirstImage", {width}, {height}, resizing: ImageResizingEstimator.ResizingKind.Fill))
            .Append(ml.Transforms.ResizeImages("SecondImage", {width}, {height}, resizing: ImageResizingEstimator.ResizingKind.Fill))
        """.ReplaceLineEndings("\n");
}
