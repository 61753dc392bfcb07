using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// What the transformers of all heads share: batches of rows over an <see cref="IDataView"/>, single rows for prediction engines, saving. A
/// transformer holds its model's memory; dispose it, or the engine that owns it. Several threads may use one, each with its own engine or
/// cursor.
/// </summary>
public abstract class PerceiverTransformer : ITransformer, IDisposable
{
    private readonly IHost _host;
    private bool _disposed;

    private protected PerceiverTransformer(IHostEnvironment environment) => _host = environment.Register(GetType().Name);

    /// <summary>Always true: each row's results depend on that row alone.</summary>
    public bool IsRowToRowMapper => true;

    private protected abstract IStage Stage { get; }

    /// <summary>The schema that <see cref="Transform"/> gives for one.</summary>
    /// <param name="inputSchema">The input's schema.</param>
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
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        CheckAlive();
        return Stage.Transform(input, CheckAlive);
    }

    /// <summary>The mapper that prediction engines use.</summary>
    /// <param name="inputSchema">The input's schema.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        CheckAlive();
        return Stage.CreateMapper(inputSchema, CheckAlive);
    }

    /// <summary>
    /// Writes a folder that <see cref="PerceiverCheckpoint.FromDirectory"/> and Hugging Face's <c>from_pretrained</c> read: config.json
    /// with the class and the labels, model.safetensors, and the files of the tokenizer or preprocessor_config.json. Each file is whole or
    /// not there.
    /// </summary>
    /// <param name="directory">The folder; it is made where it is missing.</param>
    /// <param name="precision">The number format of the weights in the file.</param>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    public void SavePretrained(string directory, PerceiverPrecision precision = PerceiverPrecision.Float32)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        CheckAlive();
        WritePretrained(directory, precision);
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        CheckAlive();
        Save(ctx);
    }

    /// <summary>Releases the model's memory.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        ReleaseModel();
        GC.SuppressFinalize(this);
    }

    private protected abstract void Save(ModelSaveContext context);

    private protected abstract void WritePretrained(string directory, PerceiverPrecision precision);

    private protected abstract void ReleaseModel();

    private protected void CheckAlive()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (MlNetInternals.IsCancelled(_host))
            throw new OperationCanceledException("The ML.NET context was cancelled.");
    }
}
