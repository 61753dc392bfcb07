using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Perceiver;

/// <summary>What the transformers without a model share: each row's result depends on that row, and on settings, alone.</summary>
public abstract class PerceiverRowTransformer : ITransformer
{
    private readonly ModelAccess _access;

    private protected PerceiverRowTransformer(IHostEnvironment environment)
    {
        var host = environment.Register(GetType().Name);
        _access = new ModelAccess(this, () => { }) { IsCancelled = () => MlNetInternals.IsCancelled(host) };
    }

    /// <summary>Always true: each row's result depends on that row alone.</summary>
    public bool IsRowToRowMapper => true;

    private protected abstract IStage Stage { get; }

    /// <summary>The schema that <see cref="Transform"/> gives for one.</summary>
    /// <param name="inputSchema">The input's schema.</param>
    /// <returns>The schema of the transformed data.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The column that is read is missing or has the wrong type.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        foreach (var input in Stage.Inputs)
            input.In(inputSchema);
        return OutputColumn.AddTo(inputSchema, Stage.Outputs);
    }

    /// <summary>Adds the column. A row's value is made when it is read.</summary>
    /// <param name="input">The data.</param>
    /// <returns>The data with the column.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The column that is read is missing or has the wrong type.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Stage.Transform(input, _access);
    }

    /// <summary>The mapper that prediction engines use.</summary>
    /// <param name="inputSchema">The input's schema.</param>
    /// <returns>The mapper.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The column that is read is missing or has the wrong type.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return Stage.CreateMapper(inputSchema, _access, _ => { });
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        Save(ctx);
    }

    private protected abstract void Save(ModelSaveContext context);
}
