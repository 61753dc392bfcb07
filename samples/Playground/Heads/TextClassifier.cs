using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Perceiver;

namespace Playground;

/// <summary>A loaded model of texts with its labels.</summary>
internal sealed class TextClassifier : IDisposable
{
    private readonly PredictionEngine<Input, Output> _engine;
    private readonly IReadOnlyList<string> _labels;
    private readonly PerceiverForSequenceClassification? _perceiver;
    private readonly Func<string, string> _code;

    private TextClassifier(
        PredictionEngine<Input, Output> engine,
        IReadOnlyList<string> labels,
        PerceiverForSequenceClassification? perceiver,
        Func<string, string> code) =>
        (_engine, _labels, _perceiver, _code) = (engine, labels, perceiver, code);

    /// <summary>The model of a checkpoint.</summary>
    /// <param name="checkpoint">Its weights.</param>
    /// <param name="expression">A C# expression for them.</param>
    public static TextClassifier Of(PerceiverCheckpoint checkpoint, string expression)
    {
        var mlContext = new MLContext();
        var noRows = mlContext.Data.LoadFromEnumerable(Array.Empty<Input>());
        var transformer = mlContext.Transforms.PerceiverTextClassification(checkpoint).Fit(noRows);
        var engine = mlContext.Model.CreatePredictionEngine<Input, Output>(transformer);
        return new TextClassifier(engine, transformer.Labels, transformer.Model, text => TextCode.OfCheckpoint(expression, text));
    }

    /// <summary>A model that was saved.</summary>
    /// <exception cref="FormatException">The file is no model of texts with labels.</exception>
    public static TextClassifier OfFile(string path)
    {
        var mlContext = new MLContext();
        var transformer = mlContext.Model.Load(path, out var schema);
        try
        {
            var (text, label) = ColumnsOf(schema);
            var engine = mlContext.Model.CreatePredictionEngine<Input, Output>(
                transformer, ignoreMissingColumns: false, inputSchemaDefinition: DefinitionFor(text, label));
            VBuffer<ReadOnlyMemory<char>> names = default;
            engine.OutputSchema["Score"].GetSlotNames(ref names);
            return new TextClassifier(
                engine,
                [.. names.DenseValues().Select(n => n.ToString())],
                PerceiverIn(transformer),
                input => TextCode.OfFile(Path.GetFullPath(path), text, label, input));
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            (transformer as IDisposable)?.Dispose();
            throw new FormatException($"'{Path.GetFileName(path)}' does not classify texts: {e.Message}", e);
        }
    }

    /// <summary>The labels of a text, what the model attends to, and the program that does the same.</summary>
    public Answer Classify(string text)
    {
        var labels = LabelScore.Zip(_labels, _engine.Predict(new Input { Text = text }).Score);
        return new Answer(labels, _perceiver is null ? null : TextAttention.Of(_perceiver, text), _code(text));
    }

    public void Dispose() => _engine.Dispose();

    private static PerceiverForSequenceClassification? PerceiverIn(ITransformer transformer)
    {
        IEnumerable<ITransformer> parts = transformer as IEnumerable<ITransformer> ?? [transformer];
        return parts.OfType<PerceiverTextClassificationTransformer>().FirstOrDefault()?.Model;
    }

    // The text is the column Text, or the only one beside the label.
    private static (string Text, string? Label) ColumnsOf(DataViewSchema schema)
    {
        string[] texts = [.. schema.Where(c => c.Type == TextDataViewType.Instance).Select(c => c.Name)];
        string text = texts.Contains("Text") ? "Text" : texts.Single(t => t != "Label");
        return (text, texts.FirstOrDefault(t => t != text));
    }

    private static SchemaDefinition DefinitionFor(string text, string? label)
    {
        var definition = SchemaDefinition.Create(typeof(Input));
        definition[nameof(Input.Text)].ColumnName = text;
        if (label is not null)
            definition[nameof(Input.Label)].ColumnName = label;
        return definition;
    }

    /// <summary>What is found of a text.</summary>
    /// <param name="Labels">The most probable labels.</param>
    /// <param name="Attention">Its letters with their shares; null for a model that is no Perceiver.</param>
    /// <param name="Code">The program that finds the same.</param>
    internal sealed record Answer(IReadOnlyList<LabelScore> Labels, IReadOnlyList<TextAttention>? Attention, string Code);

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
