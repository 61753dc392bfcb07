namespace Microsoft.ML.Perceiver;

/// <summary>A head's part of a stage, with types.</summary>
/// <typeparam name="TInput">What is read of a row.</typeparam>
/// <typeparam name="TOutput">What comes out for a row.</typeparam>
internal abstract class BatchStage<TInput, TOutput> : IBatchStage
    where TInput : class
    where TOutput : class
{
    public abstract IReadOnlyList<InputColumn> Inputs { get; }

    public abstract IReadOnlyList<OutputColumn> Outputs { get; }

    public abstract int WindowSize { get; }

    public virtual bool ReadsAhead => false;

    protected abstract Func<TInput> CreateReader(DataViewRow row, DataViewSchema.Column[] columns);

    protected abstract TOutput[] Score(IReadOnlyList<TInput> window);

    protected abstract Delegate CreateGetter(int output, Func<TOutput> current);

    Func<object> IBatchStage.CreateReader(DataViewRow row, DataViewSchema.Column[] columns) => CreateReader(row, columns);

    object[] IBatchStage.Score(IReadOnlyList<object> window) => Score(window.Cast<TInput>().ToArray());

    Delegate IBatchStage.CreateGetter(int output, Func<object> current) => CreateGetter(output, () => (TOutput)current());
}
