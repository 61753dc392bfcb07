using Microsoft.ML;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(ITransformer), typeof(PerceiverFillMaskTransformer), null, typeof(SignatureLoadModel),
    "Perceiver fill-mask", PerceiverFillMaskTransformer.LoaderSignature)]

namespace Microsoft.ML.Perceiver;

/// <summary>Fills the masked bytes of texts with a Perceiver. See <see cref="PerceiverFillMaskEstimator"/>.</summary>
public sealed class PerceiverFillMaskTransformer : PerceiverTransformer
{
    internal const string LoaderSignature = "PerceiverFillMask";
    private const string Magic = "PCVRFILL";
    private readonly TextRunner<PerceiverForMaskedLM> _model;
    private readonly FillMaskSettings _settings;

    internal PerceiverFillMaskTransformer(
        IHostEnvironment environment, TextRunner<PerceiverForMaskedLM> model, FillMaskSettings settings, PerceiverTrainingResult? training)
        : base(environment, nameof(PerceiverFillMaskTransformer))
    {
        _model = model;
        _settings = settings;
        TrainingResult = training;
        Stage = new FillMaskStage(model, settings);
    }

    /// <summary>The model itself. It belongs to the transformer.</summary>
    public PerceiverForMaskedLM Model => _model.Model;

    /// <summary>How the training went; null for a model that was not trained here.</summary>
    public PerceiverTrainingResult? TrainingResult { get; }

    private protected override IBatchStage Stage { get; }

    private protected override void WritePretrained(string directory, PerceiverPrecision precision) => _model.SavePretrained(directory, precision);

    private protected override void Save(ModelSaveContext context)
    {
        MlNetInternals.WriteHeader(context, Magic, LoaderSignature);
        ModelEntries.Write(context, _settings, _settings.WeightsFile, _model.Model);
    }

    private protected override void ReleaseModel() => _model.Dispose();

    // Called by ML.NET when it loads a model; it looks for this very return type.
#pragma warning disable CA1859
    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx)
#pragma warning restore CA1859
    {
        MlNetInternals.CheckHeader(ctx, Magic, LoaderSignature);
        var (settings, model) = ModelEntries.Read<FillMaskSettings, PerceiverForMaskedLM>(ctx, (_, c) => new PerceiverForMaskedLM(c, initialize: false));
        return new PerceiverFillMaskTransformer(
            env,
            new TextRunner<PerceiverForMaskedLM>(env, model, settings, device: null),
            settings,
            training: null);
    }
}
