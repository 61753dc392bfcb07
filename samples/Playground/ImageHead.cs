using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Perceiver.Models;
using Microsoft.ML.Transforms.Image;

namespace Playground;

/// <summary>Classifies an image.</summary>
internal sealed class ImageHead : IHead
{
    private const int Most = 10, MostNamed = 12;
    private readonly ModelShelf _shelf;
    private readonly Uploads _uploads;
    private readonly LoadedModel<PredictionEngine<Input, Output>> _model;

    public ImageHead(ModelShelf shelf, SemaphoreSlim gate, Uploads uploads)
    {
        _shelf = shelf;
        _uploads = uploads;
        _model = new(gate, () =>
        {
            var mlContext = new MLContext();
            var checkpoint = shelf.Find(BundledModels.MiniClothing);
            var options = new PerceiverImageClassificationOptions
            {
                Checkpoint = checkpoint,
                TopK = Math.Min(Most, checkpoint.Config.LabelNames.Count),
            };
            var noRows = mlContext.Data.LoadFromEnumerable(Array.Empty<Input>());
            var transformer = mlContext.Transforms.PerceiverImageClassification(options).Fit(noRows);
            return mlContext.Model.CreatePredictionEngine<Input, Output>(transformer);
        });
    }

    public string Name => "image";

    public HeadState State => _shelf.StateOf(Name, BundledModels.MiniClothing, Describe);

    public async Task AnswerAsync(HttpContext context)
    {
        var form = await _uploads.ReadAsync(context);
        var output = await _model.UseAsync(engine => Classify(engine, form), context.RequestAborted);
        var labels = LabelScore.Zip(output.TopLabels, output.TopScores);
        await context.Response.WriteAsJsonAsync(new { labels }, context.RequestAborted);
    }

    public void Dispose() => _model.Dispose();

    private Output Classify(PredictionEngine<Input, Output> engine, IFormCollection form)
    {
        using var image = _uploads.Image(form, "image").ToMLImage();
        return engine.Predict(new Input { Image = image });
    }

    private static (string About, object Details) Describe(PerceiverConfig config)
    {
        int classes = config.LabelNames.Count;
        string names = string.Join(", ", config.LabelNames.Take(MostNamed));
        string more = classes > MostNamed ? ", ..." : "";
        return ($"Tells {classes} classes apart: {names}{more}.", new { classes });
    }

    private sealed class Input
    {
        // The size is that of no image in particular.
        [ImageType(1, 1)]
        public MLImage? Image { get; set; }
    }

    private sealed class Output
    {
        [VectorType]
        public string[] TopLabels { get; set; } = [];

        [VectorType]
        public float[] TopScores { get; set; } = [];
    }
}
