using Microsoft.ML.Data;

namespace BatchScore.Scoring;

/// <summary>Makes ML.NET's vectors of values of a type that is known at run time.</summary>
internal interface IVectorMaker
{
    /// <summary>A vector.</summary>
    /// <param name="values">Its values, of its type.</param>
    object Make(object[] values);
}

/// <inheritdoc/>
/// <typeparam name="T">The values' type.</typeparam>
internal sealed class VectorMaker<T> : IVectorMaker
{
    /// <inheritdoc/>
    public object Make(object[] values) => new VBuffer<T>(values.Length, Array.ConvertAll(values, value => (T)value));
}
