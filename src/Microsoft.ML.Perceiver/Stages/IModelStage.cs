namespace Microsoft.ML.Perceiver;

/// <summary>A stage with a model.</summary>
/// <typeparam name="TModel">The head's class.</typeparam>
internal interface IModelStage<TModel> : IStage
    where TModel : PerceiverPreTrainedModel
{
    ModelRunner<TModel> Runner { get; }
}
