using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// What the transformers of all heads share: batches of rows over an <see cref="IDataView"/>, single rows for prediction engines, saving. A
/// transformer holds its model's memory; dispose it where that is to be released before the garbage collector does. Several threads may use
/// one, each with its own engine or cursor.
/// </summary>
public abstract class PerceiverTransformer : ITransformer, IDisposable
{
    private readonly IHost _host;
    private readonly ModelAccess _access;
    private readonly EngineDisposals _engines = new();

    private protected PerceiverTransformer(IHostEnvironment environment)
    {
        _host = environment.Register(GetType().Name);
        _access = new ModelAccess(this, ReleaseModel) { IsCancelled = () => MlNetInternals.IsCancelled(_host), Log = Log };
    }

    /// <summary>Always true: each row's results depend on that row alone.</summary>
    public bool IsRowToRowMapper => true;

    private protected abstract IStage Stage { get; }

    /// <summary>The number of columns that it reads.</summary>
    internal int InputCount => Stage.Inputs.Count;

    /// <summary>The schema that <see cref="Transform"/> gives for one.</summary>
    /// <param name="inputSchema">The input's schema.</param>
    /// <returns>The schema of the transformed data.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        foreach (var input in Stage.Inputs)
            input.In(inputSchema);
        return OutputColumn.AddTo(inputSchema, Stage.Outputs);
    }

    /// <summary>Adds the head's columns. They are computed when they are read, many rows at a time.</summary>
    /// <param name="input">The data.</param>
    /// <returns>The data with the head's columns.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _access.Check();
        return Stage.Transform(input, _access);
    }

    /// <summary>The mapper that prediction engines use.</summary>
    /// <param name="inputSchema">The input's schema.</param>
    /// <returns>The mapper.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        _access.Check();
        return Stage.CreateMapper(inputSchema, _access, _engines.Count);
    }

    /// <summary>
    /// Writes a folder that <see cref="PerceiverCheckpoint.FromDirectory"/> and Hugging Face's <c>from_pretrained</c> read: config.json
    /// with the class and the labels, the weights as safetensors, and the settings that this stage has: the tokenizer's files, whose
    /// <c>model_max_length</c> is the stage's longest text, or preprocessor_config.json. Weights of an earlier save in the folder are
    /// replaced, and those of their files that the new save does not have are deleted.
    /// </summary>
    /// <param name="directory">The folder; it is made where it is missing.</param>
    /// <param name="precision">The number format of the weights in the files.</param>
    /// <param name="maxShardSize">As for <see cref="PerceiverPreTrainedModel.SavePretrained"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">Weights are not saved in this precision, or the size is not positive.</exception>
    /// <exception cref="IOException">
    /// The folder cannot be written. Nothing of an earlier save is replaced before all files are written.
    /// </exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    public void SavePretrained(
        string directory,
        PerceiverPrecision precision = PerceiverPrecision.Float32,
        long maxShardSize = PerceiverPreTrainedModel.DefaultMaxShardSize)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        using var use = BeginUse();
        WritePretrained(directory, precision, maxShardSize);
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        using var use = BeginUse();
        Save(ctx);
    }

    /// <summary>
    /// Releases the model's memory, or lets the last thread that scores with it do so; who begins to use it afterwards gets an
    /// <see cref="ObjectDisposedException"/>. A prediction engine that is disposed calls this too, but does not take the model away from
    /// others: see docs/ownership.md.
    /// </summary>
    public void Dispose()
    {
        if (_engines.IsGoingOn())
            return;
        _access.Close();
        GC.SuppressFinalize(this);
    }

    /// <summary>This transformer's model as a checkpoint.</summary>
    /// <param name="source">Where it comes from, for messages.</param>
    internal abstract PerceiverCheckpoint ToCheckpoint(string source);

    /// <summary>Runs something with the model, which is not released meanwhile, and the settings of what stands before it.</summary>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    internal abstract T WithModel<T>(Func<PerceiverPreTrainedModel, ModelInputs, T> run);

    private protected abstract void Save(ModelSaveContext context);

    private protected abstract void WritePretrained(string directory, PerceiverPrecision precision, long maxShardSize);

    private protected abstract void ReleaseModel();

    /// <summary>Begins a use of the model; it is not released before the use ends.</summary>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    private protected ModelAccess.Use BeginUse() => _access.Enter();

    private void Log(string message)
    {
        using var channel = _host.Start("Scoring");
        channel.Warning(message);
    }
}
