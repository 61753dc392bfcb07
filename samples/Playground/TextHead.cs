using Microsoft.ML;
using Microsoft.ML.Data;

namespace Playground;

/// <summary>Classifies a text with a model that was trained and saved before.</summary>
internal sealed class TextHead : IHead
{
    private const int MostCharacters = 20_000;
    private readonly string? _path;
    private readonly LoadedModel<Classifier> _model;

    /// <param name="path">The model's file; null for none.</param>
    /// <param name="gate">What all models share.</param>
    public TextHead(string? path, SemaphoreSlim gate)
    {
        _path = path;
        _model = new(gate, () => Classifier.Load(path!));
    }

    public string Name => "text";

    public HeadState State => _path is null
        ? new HeadState(Name, "none", Missing)
        : new HeadState(Name, Path.GetFileName(_path), Missing: null, "Tells the class of a text, as it was trained.");

    public async Task AnswerAsync(HttpContext context)
    {
        var question = await JsonBody.ReadAsync<Question>(context);
        if (_path is null)
            throw new UserException(StatusCodes.Status503ServiceUnavailable, Missing);
        if (string.IsNullOrWhiteSpace(question?.Text))
            throw new UserException("There is no text.");
        if (question.Text.Length > MostCharacters)
            throw new UserException($"The text has {question.Text.Length} characters; {MostCharacters} are the most.");
        var labels = await _model.UseAsync(model => model.Classify(question.Text), context.RequestAborted);
        await context.Response.WriteAsJsonAsync(new { labels }, context.RequestAborted);
    }

    public void Dispose() => _model.Dispose();

    private const string Missing =
        "No text classifier was given. Train one with samples/TextClassification, and start with --text-model MyModel.mlnet.";

    private sealed record Question(string? Text);

    /// <summary>A loaded model with its labels.</summary>
    private sealed class Classifier(PredictionEngine<Input, Output> engine, string[] labels) : IDisposable
    {
        /// <exception cref="FormatException">The file is no model of texts with labels.</exception>
        public static Classifier Load(string path)
        {
            var mlContext = new MLContext();
            var transformer = mlContext.Model.Load(path, out var schema);
            try
            {
                var engine = mlContext.Model.CreatePredictionEngine<Input, Output>(
                    transformer, ignoreMissingColumns: false, inputSchemaDefinition: DefinitionFor(schema));
                VBuffer<ReadOnlyMemory<char>> names = default;
                engine.OutputSchema["Score"].GetSlotNames(ref names);
                return new Classifier(engine, [.. names.DenseValues().Select(n => n.ToString())]);
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException)
            {
                (transformer as IDisposable)?.Dispose();
                throw new FormatException($"'{Path.GetFileName(path)}' does not classify texts: {e.Message}", e);
            }
        }

        public IReadOnlyList<LabelScore> Classify(string text) => LabelScore.Zip(labels, engine.Predict(new Input { Text = text }).Score);

        public void Dispose() => engine.Dispose();

        // The text is the column Text, or the only one beside the label.
        private static SchemaDefinition DefinitionFor(DataViewSchema schema)
        {
            string[] texts = [.. schema.Where(c => c.Type == TextDataViewType.Instance).Select(c => c.Name)];
            string text = texts.Contains("Text") ? "Text" : texts.Single(t => t != "Label");
            var definition = SchemaDefinition.Create(typeof(Input));
            definition[nameof(Input.Text)].ColumnName = text;
            if (texts.FirstOrDefault(t => t != text) is { } label)
                definition[nameof(Input.Label)].ColumnName = label;
            return definition;
        }
    }

    private sealed class Input
    {
        public string Label { get; set; } = "";

        public string Text { get; set; } = "";
    }

    private sealed class Output
    {
        [VectorType]
        public float[] Score { get; set; } = [];
    }
}
