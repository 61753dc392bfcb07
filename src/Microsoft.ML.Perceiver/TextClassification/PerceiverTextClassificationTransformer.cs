using Microsoft.ML;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(ITransformer), typeof(PerceiverTextClassificationTransformer), null, typeof(SignatureLoadModel),
    "Perceiver text classification", PerceiverTextClassificationTransformer.LoaderSignature)]

namespace Microsoft.ML.Perceiver;

/// <summary>Classifies texts, or gives them numbers, with a Perceiver. See <see cref="PerceiverTextClassificationEstimator"/>.</summary>
public sealed class PerceiverTextClassificationTransformer : PerceiverTransformer
{
    internal const string LoaderSignature = "PerceiverTextClass";
    private const string Magic = "PCVRTXCL";
    private readonly TextRunner<PerceiverForSequenceClassification> _model;
    private readonly TextClassificationSettings _settings;

    internal PerceiverTextClassificationTransformer(
        IHostEnvironment environment, TextRunner<PerceiverForSequenceClassification> model, TextClassificationSettings settings, PerceiverTrainingResult? training)
        : base(environment, nameof(PerceiverTextClassificationTransformer))
    {
        _model = model;
        _settings = settings;
        TrainingResult = training;
        Stage = new TextClassificationStage(model, settings);
    }

    /// <summary>The model itself. It belongs to the transformer.</summary>
    public PerceiverForSequenceClassification Model => _model.Model;

    /// <summary>The labels in the order of the scores.</summary>
    public IReadOnlyList<string> Labels => _settings.Labels.Names;

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
        var (settings, model) = ModelEntries.Read<TextClassificationSettings, PerceiverForSequenceClassification>(
            ctx, (_, c) => new PerceiverForSequenceClassification(c, initialize: false));
        return new PerceiverTextClassificationTransformer(
            env,
            new TextRunner<PerceiverForSequenceClassification>(env, model, settings, device: null),
            settings,
            training: null);
    }
}
