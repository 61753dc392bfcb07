global using ObjectDetectionContent = Microsoft.ML.Perceiver.StageContent<
    Microsoft.ML.Perceiver.PerceiverObjectDetectionOptions,
    Microsoft.ML.Perceiver.ObjectDetectionFound,
    Microsoft.ML.Perceiver.PerceiverForObjectDetection>;
using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>The objects of a row, the most probable first.</summary>
internal sealed record FoundObjects(uint[] Keys, float[] Boxes, float[] Scores);

/// <summary>An image as the model reads it, with the part of the row's image that it is.</summary>
internal sealed record DetectionInput(ImageInput Image, CropWindow Window, int Height, int Width);

/// <summary>Images to objects.</summary>
internal sealed class ObjectDetectionStage
    : BatchStage<DetectionInput, FoundObjects>, IModelStage<PerceiverForObjectDetection>
{
    private readonly PerceiverObjectDetectionOptions _options;
    private readonly ImageReader _reader;
    private readonly ImageRunner<PerceiverForObjectDetection> _runner;

    internal ObjectDetectionStage(ObjectDetectionContent content)
    {
        _options = content.Options;
        IImageOptions images = content.Options;
        _reader = images.CreateReader();
        _runner = new ImageRunner<PerceiverForObjectDetection>(
            content.Model, content.Model.Perceiver, content.Options, content.Found.ImageProcessor, images.InterpolatePositions);
        Outputs = OutputsOf(content.Options, content.Found.Labels);
    }

    public override IReadOnlyList<InputColumn> Inputs => [_reader.Input];

    public override IReadOnlyList<OutputColumn<FoundObjects>> Outputs { get; }

    internal override int WindowSize => _runner.WindowSize;

    internal override bool ReadsAhead => true;

    ModelRunner<PerceiverForObjectDetection> IModelStage<PerceiverForObjectDetection>.Runner => _runner;

    /// <summary>The columns that are written. Images differ in their number of objects, so that no vector has a known size.</summary>
    internal static IReadOnlyList<OutputColumn<FoundObjects>> OutputsOf(PerceiverObjectDetectionOptions options, LabelSet labels) =>
    [
        OutputColumn<FoundObjects>.Vector(
            options.PredictedLabelColumnName, labels.KeyType, row => row.Keys, annotations: labels.KeyAnnotations()),
        OutputColumn<FoundObjects>.Vector(options.PredictedBoundingBoxColumnName, NumberDataViewType.Single, row => row.Boxes),
        OutputColumn<FoundObjects>.Vector(options.ScoreColumnName, NumberDataViewType.Single, row => row.Scores),
    ];

    internal override Func<DetectionInput> CreateReader(DataViewRow row, DataViewSchema.Column[] columns) =>
        _reader.CreateReader(row, columns[0], Read, takesUnit: !_runner.Processor.Options.DoRescale);

    internal override FoundObjects[] Score(IReadOnlyList<DetectionInput> window)
    {
        var model = _runner.Model;
        float[][] numbers = _runner.Infer([.. window.Select(input => input.Image)], pixels =>
        {
            var output = model.forward(pixels, outputAttentions: false, outputHiddenStates: false);
            return DetectedBoxes.Join(output.Logits, output.PredictedBoxes);
        });
        return [.. window.Zip(numbers, ObjectsOf)];
    }

    private DetectionInput Read(IPixelImage image)
    {
        var processor = _runner.Processor;
        var window = CropWindow.Of(processor.Options, image.Height, image.Width);
        return new DetectionInput(ImageInput.Of(image, processor), window, image.Height, image.Width);
    }

    private FoundObjects ObjectsOf(DetectionInput input, float[] numbers)
    {
        // What lies outside of the image, in the black around a crop, is no place in it.
        var found = DetectedBoxes.Of(numbers, _runner.Model.NumQueries)
            .Where(box => box.Score >= _options.ScoreThreshold)
            .Select(box => box with { Box = input.Window.ToPixels(box.Box).Within(input.Width, input.Height) })
            .Where(box => box.Box.Area > 0);
        var kept = _options.IouThreshold is { } threshold ? DetectedBoxes.WithoutRepeated(found, threshold) : [.. found];
        return new FoundObjects(
            [.. kept.Select(box => (uint)box.Label + 1)],
            [.. kept.SelectMany(box => new[] { box.Box.Left, box.Box.Top, box.Box.Right, box.Box.Bottom })],
            [.. kept.Select(box => box.Score)]);
    }
}

/// <summary>What fitting object detection finds out.</summary>
/// <param name="ImageProcessor">The text of its <c>preprocessor_config.json</c>.</param>
/// <param name="Labels">The labels.</param>
internal sealed record ObjectDetectionFound(string ImageProcessor, LabelSet Labels) : IFound
{
    public void Check(PerceiverConfig config)
    {
        FoundChecks.RequireImageProcessor(ImageProcessor);
        FoundChecks.RequireLabels(Labels, config);
    }
}
