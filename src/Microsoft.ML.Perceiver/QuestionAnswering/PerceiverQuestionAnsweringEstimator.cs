using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Perceiver;

/// <summary>Finds the answer to a question in its context with a Perceiver that reads bytes.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Input and output columns
/// | Column | Type | What it is |
/// | -- | -- | -- |
/// | `TextColumnName` (`Context`) | text | what the answer is looked for in; a long one is read in parts that overlap |
/// | `QuestionColumnName` | text | the question |
/// | `LabelColumnName` (`TrainingAnswer`) | text | read by training only: the answer, which is a part of the context |
/// | `AnswerIndexColumnName` | Int32 | read by training only: the answer's first character in the context, counted from 0 |
/// | `PredictedAnswerColumnName` | vector of text | the `TopK` likeliest answers; empty texts behind the last one that there is |
/// | `ScoreColumnName` | vector of Single | the probability of each: that of its first byte times that of its last one |
/// | `AttentionColumnName` | vector of Single, where it is named | a weight for each character of question and context |
///
/// ### Trainer Characteristics
/// | | |
/// | -- | -- |
/// | Machine learning task | Extractive question answering |
/// | Required NuGet in addition to Microsoft.ML | Microsoft.ML.Perceiver and TorchSharp-cpu, or a TorchSharp-cuda package |
/// | Exportable to ONNX | By `SaveAsOnnx` of Microsoft.ML.Perceiver.Onnx |
///
/// ### Scoring
/// A question with a part of its context is `[CLS]` question `[SEP]` part `[SEP]`. Each byte of the part has a probability to be the
/// answer's first one, and one to be its last one; `[CLS]` takes the rest where the part does not have the answer. The likeliest spans of
/// all parts are the answers. Spans begin and end between characters and have no white space at their ends.
/// ]]></format>
/// </remarks>
/// <seealso cref="PerceiverCatalog"/>
public sealed class PerceiverQuestionAnsweringEstimator
    : PerceiverEstimator<PerceiverQuestionAnsweringTransformer, PerceiverQuestionAnsweringOptions>
{
    internal PerceiverQuestionAnsweringEstimator(
        IHostEnvironment environment, PerceiverQuestionAnsweringOptions options, PerceiverTrainingOptions? defaultTraining = null)
        : base(environment, options, defaultTraining)
    {
    }

    private protected override IReadOnlyList<InputColumn> LabelInputs =>
    [
        InputColumn.Text(Options.LabelColumnName),
        new InputColumn(Options.AnswerIndexColumnName, new InputType(NumberDataViewType.Int32)),
    ];

    private protected override IReadOnlyList<OutputColumn> OutputsFor(SchemaShape inputSchema) =>
        QuestionAnsweringStage.OutputsOf(Options);

    private protected override PerceiverQuestionAnsweringTransformer FitTo(IDataView input)
    {
        var checkpoint = Options.CheckpointOr(PerceiverPresets.SmallText);
        int limit = Options.LengthLimit(checkpoint);
        if (limit < PerceiverAnswerExample.LeastTokens)
        {
            throw new ArgumentException(
                $"The model takes {limit} tokens; a question and its context need {PerceiverAnswerExample.LeastTokens} at least.");
        }

        return Fit(
            PerceiverQuestionAnsweringTransformer.File,
            checkpoint,
            new TextFound(limit),
            training =>
            {
                var (train, validation) = TrainingRows.ReadAndSplit(input, Options, view => Read(view, limit));
                return model => new PerceiverQuestionAnsweringObjective(
                    model, [.. train], [.. validation], training, Options.MaxAnswerLength);
            },
            content => new PerceiverQuestionAnsweringTransformer(Host, content),
            newHead: Options.Training is not null);
    }

    private List<PerceiverAnswerExample> Read(IDataView view, int limit)
    {
        var columns = Inputs.Select(i => i.In(view.Schema)).ToArray();
        var rows = TrainingRows.Read<IReadOnlyList<PerceiverAnswerExample>>(
            view, columns, row => QuestionText.CreateExampleReader(row, columns, limit, Options));
        return [.. rows.SelectMany(parts => parts)];
    }
}
