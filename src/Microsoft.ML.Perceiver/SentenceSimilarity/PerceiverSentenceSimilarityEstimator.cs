using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Perceiver;

/// <summary>Learns to say how alike two texts are: the cosine of their vectors, scaled to the labels' unit.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// To create this estimator use
/// [PerceiverSentenceSimilarity](xref:Microsoft.ML.PerceiverCatalog.PerceiverSentenceSimilarity*).
///
/// ### Input and output columns
/// | Column | Type | What it is |
/// | -- | -- | -- |
/// | `TextColumnName`, `SecondTextColumnName` | text | the two texts; each is read by itself |
/// | `LabelColumnName` | Single | read by training only: how alike they are, in any unit |
/// | `ScoreColumnName` | Single | how alike they are, in the labels' unit |
///
/// The least label of the training rows is what a cosine of 0 stands for, and the greatest what a cosine of 1 stands for. A score may be
/// below the least label, where the vectors are opposed.
///
/// ### Trainer Characteristics
/// | | |
/// | -- | -- |
/// | Machine learning task | Regression |
/// | Is normalization required? | No |
/// | Is caching required? | No |
/// | Required NuGet in addition to Microsoft.ML | Microsoft.ML.Perceiver and TorchSharp-cpu, or a TorchSharp-cuda package |
/// | Exportable to ONNX | By `SaveAsOnnx` of Microsoft.ML.Perceiver.Onnx |
/// ]]></format>
/// </remarks>
/// <seealso cref="PerceiverCatalog"/>
public sealed class PerceiverSentenceSimilarityEstimator
    : PerceiverEstimator<PerceiverSentenceSimilarityTransformer, PerceiverSentenceSimilarityOptions>
{
    internal PerceiverSentenceSimilarityEstimator(IHostEnvironment environment, PerceiverSentenceSimilarityOptions options)
        : base(environment, options, new PerceiverTrainingOptions())
    {
    }

    private protected override IReadOnlyList<InputColumn> LabelInputs =>
        [new InputColumn(Options.LabelColumnName, new InputType(NumberDataViewType.Single))];

    private protected override IReadOnlyList<OutputColumn> OutputsFor(SchemaShape inputSchema) =>
        SentenceSimilarityStage.OutputsOf(Options);

    private protected override PerceiverSentenceSimilarityTransformer FitTo(IDataView input)
    {
        var checkpoint = Options.CheckpointOr(PerceiverPresets.SmallText);
        int limit = Options.LengthLimit(checkpoint);
        var (train, validation) = ReadRows(input, limit);
        float least = train.Min(pair => pair.Similarity), greatest = train.Max(pair => pair.Similarity);
        if (least == greatest)
        {
            throw new InvalidOperationException(
                $"The label in the column '{Options.LabelColumnName}' is {least} in all training rows; nothing can be learnt of it.");
        }

        return Fit(
            PerceiverSentenceSimilarityTransformer.File,
            checkpoint,
            new SentenceSimilarityFound(limit, least, greatest),
            training => model => new PerceiverSimilarityObjective(model, [.. train], [.. validation], training, least, greatest),
            content => new PerceiverSentenceSimilarityTransformer(Host, content),
            newHead: true);
    }

    private (List<PerceiverSentencePair> Training, List<PerceiverSentencePair> Validation) ReadRows(IDataView input, int limit)
    {
        var cuts = new TextCuts(limit);
        var rows = TrainingRows.ReadAndSplit<PerceiverSentencePair>(input, Options, Inputs, (row, columns) =>
        {
            var read = SentencePair.CreateReader(row, columns, limit, Options);
            var readLabel = Getters.ScalarReader<float>(row, columns[^1]);
            return () =>
            {
                var pair = read();
                cuts.Count(pair.First.IsTruncated || pair.Second.IsTruncated);
                float label = readLabel();
                return float.IsFinite(label)
                    ? new PerceiverSentencePair(pair.First.Ids, pair.Second.Ids, label)
                    : throw new RowException(0, $"the label in the column '{Options.LabelColumnName}' is {label}.");
            };
        });
        cuts.Report(LogRows);
        return rows;
    }
}
