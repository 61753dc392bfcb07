using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>Texts to latents: columns to tensors and back.</summary>
internal sealed class FeaturesStage : BatchStage<int[], float[]>
{
    private readonly TextModel<PerceiverModel> _model;
    private readonly TextReader _reader;
    private readonly PerceiverFeaturesKind _kind;

    internal FeaturesStage(TextModel<PerceiverModel> model, FeaturesSettings settings)
    {
        _model = model;
        _kind = settings.Kind;
        _reader = new TextReader(settings.TextColumnName, null, settings.MaxLength, settings.LongText);
        Inputs = [InputColumn.Text(settings.TextColumnName)];
        Outputs = OutputsOf(settings.OutputColumnName, settings.Kind, model.Model.Config);
    }

    public override IReadOnlyList<InputColumn> Inputs { get; }

    public override IReadOnlyList<OutputColumn> Outputs { get; }

    public override int WindowSize => _model.WindowSize;

    internal static IReadOnlyList<OutputColumn> OutputsOf(string output, PerceiverFeaturesKind kind, PerceiverConfig config) =>
        [new OutputColumn(output, new VectorDataViewType(NumberDataViewType.Single, config.LatentChannels * (kind == PerceiverFeaturesKind.MeanLatent ? 1 : config.NumLatents)))];

    protected override Func<int[]> CreateReader(DataViewRow row, DataViewSchema.Column[] columns) => _reader.CreateReader(row, columns);

    protected override float[][] Score(IReadOnlyList<int[]> window) => _model.Run(window, batch =>
    {
        var (ids, mask) = TokenBatch.ToTensors(batch, _model.Device);
        var latents = _model.Model.Encode(ids, mask);
        return TextModel<PerceiverModel>.Rows(_kind == PerceiverFeaturesKind.MeanLatent ? latents.mean([1]) : latents);
    });

    protected override Delegate CreateGetter(int output, Func<float[]> current) => Getters.Vector(current);
}
