using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>Texts with masks to texts: columns to tensors and back.</summary>
internal sealed class FillMaskStage : BatchStage<int[], FilledTexts>
{
    private readonly TextRunner<PerceiverForMaskedLM> _model;
    private readonly PerceiverMaskFiller _filler;
    private readonly FillMaskSettings _settings;
    private readonly TextReader _reader;

    internal FillMaskStage(TextRunner<PerceiverForMaskedLM> model, FillMaskSettings settings)
    {
        _model = model;
        _filler = new PerceiverMaskFiller(model.Model);
        _settings = settings;
        _reader = new TextReader(settings.TextColumnName, null, settings.MaxLength, settings.LongText);
        Inputs = [InputColumn.Text(settings.TextColumnName)];
        Outputs = OutputsOf(settings.OutputColumnName, settings.FillingsColumnName, settings.LogProbabilitiesColumnName, settings.TopK);
    }

    public override IReadOnlyList<InputColumn> Inputs { get; }

    public override IReadOnlyList<OutputColumn> Outputs { get; }

    public override int WindowSize => _model.WindowSize;

    internal static IReadOnlyList<OutputColumn> OutputsOf(string filled, string fillings, string logProbabilities, int count) =>
    [
        new OutputColumn(filled, TextDataViewType.Instance),
        new OutputColumn(fillings, new VectorDataViewType(TextDataViewType.Instance, count)),
        new OutputColumn(logProbabilities, new VectorDataViewType(NumberDataViewType.Single, count)),
    ];

    protected override Func<int[]> CreateReader(DataViewRow row, DataViewSchema.Column[] columns)
    {
        var read = _reader.CreateReader(row, columns);
        return () =>
        {
            int[] ids = read();
            return ids.Contains(PerceiverTokenizer.MaskTokenId)
                ? ids
                : throw new RowException(0, $"the text in the column '{_settings.TextColumnName}' has no {PerceiverTokenizer.Default.Options.MaskToken}"
                    + (ids.Length == _settings.MaxLength ? $" among the {_settings.MaxLength} tokens that are read." : "."));
        };
    }

    protected override FilledTexts[] Score(IReadOnlyList<int[]> window) => _model.Run(window, batch =>
    {
        var fillings = _filler.Fill(batch, _settings.TopK, _settings.Decoding, _settings.BeamWidth);
        return batch.Select((ids, i) => Texts(ids, fillings[i])).ToArray();
    });

    protected override Delegate CreateGetter(int output, Func<FilledTexts> current) => output switch
    {
        0 => Getters.Scalar(() => current().Texts[0]),
        1 => Getters.Vector(() => current().Texts),
        _ => Getters.Vector(() => current().LogProbabilities),
    };

    private static FilledTexts Texts(int[] ids, IReadOnlyList<PerceiverMaskFilling> fillings)
    {
        // [CLS] and the last [SEP] were put round the text; special tokens that the text itself has are part of it.
        var texts = fillings.Select(f => PerceiverTokenizer.Default.Decode(PerceiverMaskFiller.Apply(ids, f)[1..^1], skipSpecialTokens: false, cleanUpTokenizationSpaces: false).AsMemory());
        return new FilledTexts(texts.ToArray(), fillings.Select(f => f.LogProbability).ToArray());
    }
}
