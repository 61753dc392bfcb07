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
    private readonly LoadedModel<Classifier> _model;

    public ImageHead(ModelShelf shelf, SemaphoreSlim gate, Uploads uploads)
    {
        _shelf = shelf;
        _uploads = uploads;
        _model = new(gate, () => Classifier.Load(shelf.Find(BundledModels.MiniClothing)));
    }

    public string Name => "image";

    public HeadState State => _shelf.StateOf(Name, BundledModels.MiniClothing, Describe) with
    {
        Doubt = Doubt,
        Examples = ImageExamples.All,
    };

    // Measured on the validation photographs of clothing-64.
    private static Doubt Doubt { get; } = new(
        0.6, "Below 60 %, 58 % of the bundled model's predictions for validation photographs are right; above, 94 % are.");

    public async Task AnswerAsync(HttpContext context)
    {
        var form = await _uploads.ReadAsync(context);
        var (labels, attention) = await _model.UseAsync(
            model => model.Classify(_uploads.Image(form, "image")), context.RequestAborted);
        bool unsure = labels[0].Probability < Doubt.Threshold;
        string file = form.Files.GetFile("image")!.FileName;
        string code = ImageCode.Of(_shelf.CodeFor(BundledModels.MiniClothing), file, labels.Count);
        await context.Response.WriteAsJsonAsync(new { labels, unsure, attention, code }, context.RequestAborted);
    }

    public void Dispose() => _model.Dispose();

    private static (string About, object Details) Describe(PerceiverConfig config)
    {
        int classes = config.LabelNames.Count;
        string names = string.Join(", ", config.LabelNames.Take(MostNamed));
        string more = classes > MostNamed ? ", ..." : "";
        return ($"Tells {classes} classes apart: {names}{more}.", new { classes });
    }

    private sealed class Classifier(PerceiverImageClassificationTransformer transformer, PredictionEngine<Input, Output> engine)
        : IDisposable
    {
        public static Classifier Load(PerceiverCheckpoint checkpoint)
        {
            var mlContext = new MLContext();
            var options = new PerceiverImageClassificationOptions
            {
                Checkpoint = checkpoint,
                TopK = Math.Min(Most, checkpoint.Config.LabelNames.Count),
            };
            var noRows = mlContext.Data.LoadFromEnumerable(Array.Empty<Input>());
            var transformer = mlContext.Transforms.PerceiverImageClassification(options).Fit(noRows);
            return new Classifier(transformer, mlContext.Model.CreatePredictionEngine<Input, Output>(transformer));
        }

        public (IReadOnlyList<LabelScore> Labels, ImageAttention? Attention) Classify(PerceiverImage image)
        {
            using var pixels = image.ToMLImage();
            var output = engine.Predict(new Input { Image = pixels });
            return (LabelScore.Zip(output.TopLabels, output.TopScores), ImageAttention.Of(transformer, image));
        }

        public void Dispose() => engine.Dispose();
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
