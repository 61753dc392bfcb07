using Microsoft.ML.Runtime;

namespace Microsoft.ML.Perceiver;

/// <summary>Fills the masked bytes of texts with a Perceiver masked language model, and trains one.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// To create this estimator use
/// [PerceiverFillMask](xref:Microsoft.ML.PerceiverCatalog.PerceiverFillMask*).
///
/// ### Input and output columns
/// | Column | Type | What it is |
/// | -- | -- | -- |
/// | `TextColumnName` | text | the text; each `[MASK]` stands for one byte (an é is two, most emoji four). For training, without masks |
/// | `OutputColumnName` | text | the text with the best filling |
/// | `FillingsColumnName` | vector of text, `TopK` long | the texts with the best fillings, the best first; all are valid Unicode |
/// | `LogProbabilitiesColumnName` | vector of Single, `TopK` long | the natural logarithm of each filling's joint probability |
/// | `AttentionColumnName` | vector of Single, where it is named | for each mask a weight for `[CLS]`, each character, and `[SEP]` |
///
/// ### Estimator Characteristics
/// | | |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | With `Training` set; otherwise it loads a checkpoint |
/// | Input column data type | text |
/// | Output column data type | text, vector of text, vector of Single |
/// | Required NuGet in addition to Microsoft.ML | Microsoft.ML.Perceiver and TorchSharp-cpu, or a TorchSharp-cuda package |
/// | Exportable to ONNX | By `SaveAsOnnx` of Microsoft.ML.Perceiver.Onnx |
///
/// The model is Hugging Face's `PerceiverForMaskedLM`. Only the masked positions are decoded. With `Decoding` set to `OneShot` (the
/// default) the masks are judged in one forward pass and the most probable combination that is valid text is found; with `LeftToRight` each
/// mask is filled given those before it, by a beam search.
/// ]]></format>
/// </remarks>
/// <seealso cref="PerceiverCatalog"/>
public sealed class PerceiverFillMaskEstimator : PerceiverEstimator<PerceiverFillMaskTransformer, PerceiverFillMaskOptions>
{
    internal PerceiverFillMaskEstimator(IHostEnvironment environment, PerceiverFillMaskOptions options) : base(environment, options)
    {
    }

    private protected override IReadOnlyList<OutputColumn> OutputsFor(SchemaShape inputSchema) => FillMaskStage.OutputsOf(Options);

    private protected override PerceiverFillMaskTransformer FitTo(IDataView input)
    {
        var checkpoint = Options.CheckpointOr(PerceiverPresets.SmallText);
        int limit = Options.LengthLimit(checkpoint);
        return Fit(
            PerceiverFillMaskTransformer.File,
            checkpoint,
            new FillMaskFound(limit),
            training =>
            {
                var (train, validation) = ReadRows(input, limit);
                return model => new PerceiverMaskedLanguageObjective(model, train, validation, training, Options.Masking);
            },
            content => new PerceiverFillMaskTransformer(Host, content));
    }

    private (PerceiverRows<int[]> Training, PerceiverRows<int[]> Validation) ReadRows(IDataView input, int limit)
    {
        var reader = Options.CreateReader(limit);
        var cuts = new TextCuts(limit);
        bool hasFiles = Options.TrainingFiles.Count > 0;
        var (rows, validation) = TrainingRows.ReadAndSplit(input, Options, Read, mayBeEmpty: hasFiles);
        cuts.Report(LogRows);
        var texts = PerceiverTextRows.FromTokens(rows);
        if (hasFiles)
            texts = PerceiverRows.Join(texts, PerceiverTextRows.FromFiles(Options.TrainingFiles, limit));
        return texts.Count > 0 ? (texts, PerceiverTextRows.FromTokens(validation)) : throw TrainingRows.NoRows();

        List<int[]> Read(IDataView data)
        {
            var columns = Options.Inputs.Select(i => i.In(data.Schema)).ToArray();
            var all = TrainingRows.Read<TokenizedText>(data, columns, row =>
            {
                var read = reader.CreateReader(row, columns);
                return () =>
                {
                    var text = read();
                    cuts.Count(text.IsTruncated);
                    return text.IsEmpty ? text : text with { Ids = RequireBytes(text.Ids) };
                };
            });
            return TrainingRows.LeaveOut(all, text => text.IsEmpty, "are empty", LogRows).ConvertAll(text => text.Ids);
        }
    }

    private int[] RequireBytes(int[] ids)
    {
        if (ids.Any(ByteMasking.IsByte))
            return ids;
        throw new RowException(
            0, $"the text in the column '{Options.TextColumnName}' has special tokens alone, of which nothing can be learnt.");
    }
}
