using Microsoft.ML.Runtime;

namespace Microsoft.ML.Perceiver;

/// <summary>What the transformers of all heads share beside their rows: the model, how it was trained, and the files.</summary>
/// <typeparam name="TModel">The head's class.</typeparam>
public abstract class PerceiverTransformer<TModel> : PerceiverTransformer
    where TModel : PerceiverPreTrainedModel
{
    private readonly StageContent<TModel> _content;
    private readonly IModelStage<TModel> _stage;

    private protected PerceiverTransformer(IHostEnvironment environment, StageContent<TModel> content, IModelStage<TModel> stage)
        : base(environment)
    {
        _content = content;
        _stage = stage;
    }

    /// <summary>The model itself. It belongs to the transformer.</summary>
    public TModel Model => _content.Model;

    /// <summary>How the training went; null for a model that was not trained here.</summary>
    public PerceiverTrainingResult? TrainingResult => _content.Training;

    /// <summary>
    /// Where <c>mlContext.Model.Save</c> puts the weights, as <see cref="PerceiverOptions.WeightsFile"/>, which it is for a model that was
    /// fitted. For a loaded one it is null, whatever file its weights came from: only its user says which file may be written.
    /// </summary>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    public string? WeightsFile
    {
        get => _content.WeightsFile;
        set
        {
            if (value is not null)
                ArgumentException.ThrowIfNullOrEmpty(value);
            _content.WeightsFile = value is null ? null : Path.GetFullPath(value);
        }
    }

    private protected sealed override IStage Stage => _stage;

    private protected sealed override void WritePretrained(string directory, PerceiverPrecision precision, long maxShardSize) =>
        _stage.Runner.SavePretrained(directory, precision, maxShardSize);

    internal sealed override PerceiverCheckpoint ToCheckpoint(string source)
    {
        using var use = BeginUse();
        return _stage.Runner.ToCheckpoint(source, () => BeginUse());
    }

    internal sealed override T WithModel<T>(Func<PerceiverPreTrainedModel, ModelInputs, T> run)
    {
        using var use = BeginUse();
        return run(Model, _stage.Runner.ModelInputs);
    }

    private protected sealed override void Save(ModelSaveContext context) => _content.Save(context);

    private protected sealed override void ReleaseModel() => Model.Dispose();
}
