using Microsoft.ML.Data;

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

    protected abstract Func<TInput> CreateReader(DataViewRow row, DataViewSchema.Column[] columns);

    protected abstract TOutput[] Score(IReadOnlyList<TInput> window);

    protected abstract Delegate CreateGetter(int output, Func<TOutput> current);

    Func<object> IBatchStage.CreateReader(DataViewRow row, DataViewSchema.Column[] columns) => CreateReader(row, columns);

    object[] IBatchStage.Score(IReadOnlyList<object> window) => Score(window.Cast<TInput>().ToArray());

    Delegate IBatchStage.CreateGetter(int output, Func<object> current) => CreateGetter(output, () => (TOutput)current());

    /// <summary>A getter that copies an array into a vector.</summary>
    protected static Delegate VectorGetter<T>(Func<T[]> values)
    {
        ValueGetter<VBuffer<T>> getter = (ref VBuffer<T> destination) =>
        {
            T[] source = values();
            var editor = VBufferEditor.Create(ref destination, source.Length);
            source.CopyTo(editor.Values);
            destination = editor.Commit();
        };
        return getter;
    }

    /// <summary>A getter of a single value.</summary>
    protected static Delegate ScalarGetter<T>(Func<T> value)
    {
        ValueGetter<T> getter = (ref T destination) => destination = value();
        return getter;
    }
}
