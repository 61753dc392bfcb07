using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>A column that a stage writes, with what it takes of a row's result.</summary>
/// <typeparam name="TRow">What comes out for a row.</typeparam>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="CreateGetter">Makes its getter, given what gives the result of the current row.</param>
/// <param name="Annotations">What is known about it; null for nothing.</param>
internal sealed record OutputColumn<TRow>(
    string Name, DataViewType Type, Func<Func<TRow>, Delegate> CreateGetter, DataViewSchema.Annotations? Annotations = null)
    : OutputColumn(Name, Type, Annotations)
{
    /// <summary>A column of single values.</summary>
    internal static OutputColumn<TRow> Scalar<T>(
        string name, DataViewType type, Func<TRow, T> value, DataViewSchema.Annotations? annotations = null) =>
        new(name, type, current => Getters.Scalar(() => value(current())), annotations);

    /// <summary>A column of vectors.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="item">The type of the items.</param>
    /// <param name="values">The items of a row.</param>
    /// <param name="size">How many items each row has; 0 where rows differ.</param>
    /// <param name="annotations">What is known about it; null for nothing.</param>
    internal static OutputColumn<TRow> Vector<T>(
        string name, PrimitiveDataViewType item, Func<TRow, T[]> values, int size = 0, DataViewSchema.Annotations? annotations = null) =>
        new(name, new VectorDataViewType(item, size), current => Getters.Vector(() => values(current())), annotations);

    /// <summary>The same column of results of which these are a part.</summary>
    internal OutputColumn<TWhole> In<TWhole>(Func<TWhole, TRow> part) =>
        new(Name, Type, current => CreateGetter(() => part(current())), Annotations);
}
