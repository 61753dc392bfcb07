using Microsoft.ML.Runtime;
using TorchSharp;

namespace Microsoft.ML.Perceiver;

/// <summary>Fills the masked bytes of texts with a Perceiver masked language model, and trains one.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// To create this estimator use
/// [PerceiverFillMask](xref:Microsoft.ML.PerceiverCatalog.PerceiverFillMask(Microsoft.ML.TransformsCatalog,Microsoft.ML.Perceiver.PerceiverFillMaskOptions)).
///
/// ### Input and output columns
/// | Column | Type | What it is |
/// | -- | -- | -- |
/// | `TextColumnName` | text | the text; each `[MASK]` in it stands for one byte (an é is two, most emoji four). For training, a text without masks |
/// | `OutputColumnName` | text | the text with the best filling |
/// | `FillingsColumnName` | vector of text, `TopK` long | the texts with the best fillings, the best first; all are valid Unicode |
/// | `LogProbabilitiesColumnName` | vector of Single, `TopK` long | the natural logarithm of each filling's joint probability |
///
/// ### Estimator Characteristics
/// | | |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | With `Training` set; otherwise it loads a checkpoint |
/// | Input column data type | text |
/// | Output column data type | text, vector of text, vector of Single |
/// | Required NuGet in addition to Microsoft.ML | Microsoft.ML.Perceiver and TorchSharp-cpu, or a TorchSharp-cuda package |
/// | Exportable to ONNX | No |
///
/// The model is Hugging Face's `PerceiverForMaskedLM`. Only the masked positions are decoded. With `Decoding` set to `OneShot` (the default) the
/// masks are judged in one forward pass and the most probable combination that is valid text is found; with `LeftToRight` each mask is filled
/// given those before it, by a beam search.
/// ]]></format>
/// </remarks>
/// <seealso cref="PerceiverCatalog"/>
public sealed class PerceiverFillMaskEstimator : IEstimator<PerceiverFillMaskTransformer>
{
    private readonly IHost _host;
    private readonly PerceiverFillMaskOptions _options;

    internal PerceiverFillMaskEstimator(IHostEnvironment environment, PerceiverFillMaskOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _host = environment.Register(nameof(PerceiverFillMaskEstimator));
        _options = options.Copy<PerceiverFillMaskOptions>();
    }

    /// <summary>The columns that <see cref="Fit"/>'s transformer adds.</summary>
    /// <param name="inputSchema">The input's columns.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        foreach (var input in _options.Inputs)
            input.CheckIn(inputSchema);
        return OutputColumn.AddTo(
            inputSchema, FillMaskStage.OutputsOf(_options.OutputColumnName, _options.FillingsColumnName, _options.LogProbabilitiesColumnName, _options.TopK));
    }

    /// <summary>Loads the checkpoint, and trains it on the texts where training is asked for.</summary>
    /// <param name="input">The training texts; without training, only the schema is looked at.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    /// <exception cref="InvalidOperationException">A row is at fault (its number is given), or the training diverged.</exception>
    /// <exception cref="FileNotFoundException">A training file is missing.</exception>
    /// <exception cref="FormatException">The checkpoint is damaged, or another model's.</exception>
    /// <exception cref="OperationCanceledException">The training was cancelled before its first epoch was done.</exception>
    public PerceiverFillMaskTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        foreach (var column in _options.Inputs)
            column.In(input.Schema);
        var checkpoint = _options.Checkpoint ?? PerceiverCheckpoint.FromConfig(PerceiverPresets.SmallText, _options.Training!.Seed);
        int limit = _options.LengthLimit(checkpoint.Config);
        var device = PerceiverOptions.Choose(_options.Device, _host);
        var (train, validation) = _options.Training is { } training ? ReadRows(input, training, limit) : (PerceiverTextRows.FromTokens([]), PerceiverTextRows.FromTokens([]));
        var (model, report) = checkpoint.Load(c => new PerceiverForMaskedLM(c, initialize: false), precision: _options.LoadingPrecision(_options.Training));
        try
        {
            CheckpointLog.Write(_host, checkpoint, report);
            PerceiverTrainingResult? result = null;
            if (_options.Training is { } options)
            {
                model.to(device);
                result = StageTraining.Execute(_host, new PerceiverMaskedLanguageObjective(model, train, validation, options, _options.Masking), options);
            }

            var settings = new FillMaskSettings(_options, limit);
            return new PerceiverFillMaskTransformer(_host, new TextRunner<PerceiverForMaskedLM>(_host, model, settings, _options.Device), settings, result);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private int[] RequireBytes(int[] ids) => ids.Any(ByteMasking.IsByte)
        ? ids
        : throw new RowException(0, $"the text in the column '{_options.TextColumnName}' has special tokens alone, of which nothing can be learnt.");

    private (PerceiverRows<int[]> Training, PerceiverRows<int[]> Validation) ReadRows(IDataView input, PerceiverTrainingOptions training, int limit)
    {
        var reader = new TextReader(_options.TextColumnName, null, limit, _options.LongText);
        List<int[]> Read(IDataView data)
        {
            var columns = _options.Inputs.Select(i => i.In(data.Schema)).ToArray();
            return TrainingRows.Read<int[]>(data, columns, row =>
            {
                var read = reader.CreateReader(row, columns);
                return () => RequireBytes(read());
            });
        }

        var rows = Read(input);
        var split = _options.ValidationSet is { } set ? (rows, Read(set)) : TrainingRows.Split(rows, training.ValidationFraction, training.Seed);
        var texts = PerceiverTextRows.FromTokens(split.Item1);
        if (_options.TrainingFiles.Count > 0)
            texts = PerceiverRows.Join(texts, PerceiverTextRows.FromFiles(_options.TrainingFiles, limit));
        return texts.Count > 0 ? (texts, PerceiverTextRows.FromTokens(split.Item2)) : throw new InvalidOperationException("The training data has no rows.");
    }
}
