using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>A column that a stage reads.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Accepted">The types it may have.</param>
internal sealed record InputColumn(string Name, params IReadOnlyList<InputType> Accepted)
{
    /// <summary>What is wrong with a column of an accepted type; null for nothing, or where nothing more is asked of it.</summary>
    internal Func<DataViewType, string?>? Fault { get; init; }

    /// <summary>A column of texts.</summary>
    internal static InputColumn Text(string name) => new(name, new InputType(TextDataViewType.Instance));

    /// <summary>A column of vectors of keys.</summary>
    internal static InputColumn Keys(string name) => new(name, new InputType(NumberDataViewType.UInt32, IsVector: true, IsKey: true));

    /// <summary>The column of a schema, after its type was checked.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none, or it has another type.</exception>
    internal DataViewSchema.Column In(DataViewSchema schema)
    {
        var column = schema.GetColumnOrNull(Name) ?? throw StageErrors.Missing(Name, schema.Select(c => c.Name));
        if (!Accepted.Any(a => a.Is(column.Type)))
        {
            var item = column.Type is VectorDataViewType vector ? vector.ItemType : column.Type;
            throw StageErrors.Mistyped(
                Name, Expected, column.Type.ToString()!, AdviceFor(item, column.Type is VectorDataViewType, item is KeyDataViewType));
        }

        return Fault?.Invoke(column.Type) is { } fault ? throw StageErrors.Unfit(Name, fault) : column;
    }

    /// <summary>Checks the shape of a schema.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such column, or it has another type.</exception>
    internal void CheckIn(SchemaShape shape)
    {
        if (!MlNetInternals.TryFind(shape, Name, out var column))
            throw StageErrors.Missing(Name, shape.Select(c => c.Name));
        if (!Accepted.Any(a => a.Is(column)))
        {
            throw StageErrors.Mistyped(
                Name,
                Expected,
                $"{column.Kind} of {(column.IsKey ? "key " : "")}{column.ItemType}",
                AdviceFor(column.ItemType, column.Kind != SchemaShape.Column.VectorKind.Scalar, column.IsKey));
        }
    }

    private string Expected => string.Join(" or ", Accepted);

    private string AdviceFor(DataViewType item, bool isVector, bool isKey) =>
        ConversionAdvice.For(Name, Accepted, item, isVector, isKey);
}
