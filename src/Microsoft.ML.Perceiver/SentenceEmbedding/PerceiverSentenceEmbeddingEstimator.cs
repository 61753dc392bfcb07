using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Turns texts into vectors of length one, so that texts of like meaning have a large cosine, with a Perceiver that reads bytes.
/// </summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// To create this estimator use
/// [PerceiverSentenceEmbedding](xref:Microsoft.ML.PerceiverCatalog.PerceiverSentenceEmbedding*).
///
/// ### Input and output columns
/// | Column | Type | What it is |
/// | -- | -- | -- |
/// | `TextColumnName` | text | the text; no word is unknown, as bytes are read |
/// | `LabelColumnName` | known-size vector of Single | read by training only: a teacher's vector for the text, not all zeros |
/// | `OutputColumnName` | known-size vector of Single | the text's vector; the sum of its squares is 1 |
///
/// ### Estimator Characteristics
/// | | |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | Only with `Training` (distillation) |
/// | Input column data type | text |
/// | Output column data type | known-size vector of Single |
/// | Required NuGet in addition to Microsoft.ML | Microsoft.ML.Perceiver and TorchSharp-cpu, or a TorchSharp-cuda package |
/// | Exportable to ONNX | By `SaveAsOnnx` of Microsoft.ML.Perceiver.Onnx |
///
/// ### Scoring
/// The mean latent, or what one trainable query finds in the latents, is projected and scaled to length one. The cosine of two texts is the
/// sum of the products of their vectors' numbers.
/// ]]></format>
/// </remarks>
/// <seealso cref="PerceiverCatalog"/>
public sealed class PerceiverSentenceEmbeddingEstimator
    : PerceiverEstimator<PerceiverSentenceEmbeddingTransformer, PerceiverSentenceEmbeddingOptions>
{
    internal PerceiverSentenceEmbeddingEstimator(IHostEnvironment environment, PerceiverSentenceEmbeddingOptions options)
        : base(environment, options)
    {
    }

    private protected override IReadOnlyList<InputColumn> LabelInputs =>
    [
        new InputColumn(Options.LabelColumnName, new InputType(NumberDataViewType.Single, IsVector: true))
        {
            Fault = type => ((VectorDataViewType)type).IsKnownSize ? null : "its vectors have no known size",
        },
    ];

    // The shape of a schema does not tell how many numbers a vector has.
    private protected override IReadOnlyList<OutputColumn> OutputsFor(SchemaShape inputSchema) =>
        SentenceEmbeddingStage.OutputsOf(Options, size: 1);

    private protected override PerceiverSentenceEmbeddingTransformer FitTo(IDataView input)
    {
        var checkpoint = Options.CheckpointOr(PerceiverPresets.SmallText);
        int limit = Options.LengthLimit(checkpoint);
        return Fit(
            PerceiverSentenceEmbeddingTransformer.File,
            checkpoint,
            new TextFound(limit),
            training =>
            {
                var (train, validation) = ReadRows(input, limit);
                return model =>
                    new PerceiverDistillationObjective(model, [.. train], [.. validation], training, Options.Distillation);
            },
            content => new PerceiverSentenceEmbeddingTransformer(Host, content),
            Options.Training is null ? null : ConfigFor(checkpoint.Config, SizeIn(input)),
            newHead: Options.Training is not null);
    }

    private int SizeIn(IDataView view) => ((VectorDataViewType)LabelInputs[0].In(view.Schema).Type).Size;

    private PerceiverConfig ConfigFor(PerceiverConfig config, int size)
    {
        string? pooling = Options.Pooling switch
        {
            PerceiverSentencePooling.MeanLatent => PerceiverConfig.MeanPooling,
            PerceiverSentencePooling.Query => PerceiverConfig.QueryPooling,
            _ => config.SentencePooling,
        };
        return config with { EmbeddingSize = size, SentencePooling = pooling };
    }

    private (List<PerceiverSentenceExample> Training, List<PerceiverSentenceExample> Validation) ReadRows(IDataView input, int limit)
    {
        var reader = Options.CreateReader(limit);
        var cuts = new TextCuts(limit);
        int size = SizeIn(input);
        if (Options.ValidationSet is { } set && SizeIn(set) != size)
        {
            throw new ArgumentException(
                $"The column '{Options.LabelColumnName}' has vectors of {size} numbers; those of the validation set have {SizeIn(set)}.");
        }

        var rows = TrainingRows.ReadAndSplit<PerceiverSentenceExample>(input, Options, Inputs, (row, columns) =>
        {
            var read = reader.CreateReader(row, columns);
            var readVector = Getters.VectorReader<float>(row, columns[^1]);
            return () =>
            {
                var text = read();
                cuts.Count(text.IsTruncated);
                return new PerceiverSentenceExample(text.Ids, Checked(readVector()));
            };
        });
        cuts.Report(LogRows);
        return rows;
    }

    private float[] Checked(float[] vector)
    {
        if (vector.Any(value => !float.IsFinite(value)))
            throw new RowException(0, $"the vector in the column '{Options.LabelColumnName}' has numbers that are not finite.");
        if (vector.All(value => value == 0))
            throw new RowException(0, $"the vector in the column '{Options.LabelColumnName}' is zero and has no direction.");
        return vector;
    }
}
