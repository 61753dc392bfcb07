using Microsoft.ML.Runtime;

namespace Microsoft.ML.Perceiver;

/// <summary>What the estimators without a model share: of the data, only the schema is looked at.</summary>
/// <typeparam name="TTransformer">The transformer.</typeparam>
public abstract class PerceiverRowEstimator<TTransformer> : IEstimator<TTransformer>
    where TTransformer : PerceiverRowTransformer
{
    private protected PerceiverRowEstimator(IHostEnvironment environment) => Environment = environment;

    private protected IHostEnvironment Environment { get; }

    /// <summary>The input's columns and the one that is added.</summary>
    /// <param name="inputSchema">The input's columns.</param>
    /// <returns>The columns of the transformed data.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The column that is read is missing or has the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var stage = StageOf(inputSchema);
        foreach (var input in stage.Inputs)
            input.CheckIn(inputSchema);
        return OutputColumn.AddTo(inputSchema, stage.Outputs);
    }

    /// <summary>Makes the transformer; only the data's schema is looked at.</summary>
    /// <param name="input">The data.</param>
    /// <returns>The transformer.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The column that is read is missing or has the wrong type.</exception>
    public TTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var transformer = Create(input.Schema);
        transformer.GetOutputSchema(input.Schema);
        return transformer;
    }

    /// <summary>A stage with the columns of the promise.</summary>
    private protected abstract IStage StageOf(SchemaShape inputSchema);

    private protected abstract TTransformer Create(DataViewSchema inputSchema);
}
