namespace Microsoft.ML.Perceiver;

/// <summary>What a transformer is made of, whether it was fitted or loaded.</summary>
/// <typeparam name="TModel">The head's class.</typeparam>
/// <param name="model">The model, on its device and in its precision.</param>
/// <param name="training">How the training went; null for a model that was not trained here.</param>
internal abstract class StageContent<TModel>(TModel model, PerceiverTrainingResult? training)
    where TModel : PerceiverPreTrainedModel
{
    internal TModel Model => model;

    internal PerceiverTrainingResult? Training => training;

    /// <summary>As <see cref="PerceiverOptions.WeightsFile"/>.</summary>
    internal abstract string? WeightsFile { get; set; }

    /// <summary>Writes a model file.</summary>
    internal abstract void Save(ModelSaveContext context);
}

/// <inheritdoc/>
/// <typeparam name="TOptions">The head's settings.</typeparam>
/// <typeparam name="TFound">What <c>Fit</c> found out about the data and the checkpoint.</typeparam>
/// <typeparam name="TModel">The head's class.</typeparam>
internal sealed class StageContent<TOptions, TFound, TModel>(
    StageFile<TOptions, TFound, TModel> file, TOptions options, TFound found, TModel model, PerceiverTrainingResult? training = null)
    : StageContent<TModel>(model, training)
    where TOptions : PerceiverOptions
    where TFound : class, IFound
    where TModel : PerceiverPreTrainedModel
{
    internal TOptions Options => options;

    internal TFound Found => found;

    internal override string? WeightsFile
    {
        get => options.WeightsFile;
        set => options.WeightsFile = value;
    }

    internal override void Save(ModelSaveContext context) => file.Write(context, this);
}

/// <summary>Whose a model is.</summary>
internal static class StageContent
{
    /// <summary>Makes what a model becomes part of; where that fails the model is disposed, as there is nothing then that would.</summary>
    internal static T UseOrDispose<T>(PerceiverPreTrainedModel model, Func<T> use)
    {
        try
        {
            return use();
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }
}
