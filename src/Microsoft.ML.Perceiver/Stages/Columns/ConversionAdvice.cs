using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>Which of ML.NET's conversions gives a column the type that it needs, as errors say it.</summary>
internal static class ConversionAdvice
{
    private const string Catalog = "mlContext.Transforms.Conversion";

    /// <summary>Numbers, texts or Booleans to another type.</summary>
    internal static string ToType(string column, DataKind kind) =>
        $" {Catalog}.ConvertType(\"{column}\", outputKind: DataKind.{kind}) converts it.";

    /// <summary>Values to keys.</summary>
    internal static string ToKey(string column) => $" {Catalog}.MapValueToKey(\"{column}\") makes classes of its values.";

    /// <summary>Keys to a vector that says of each value whether it is there.</summary>
    internal static string ToIndicators(string column) =>
        $" {Catalog}.MapKeyToVector(\"{column}\", outputCountVector: true) converts it.";

    /// <summary>The advice for a column of none of the types that are accepted; empty where none of the conversions is meant.</summary>
    /// <param name="column">The column.</param>
    /// <param name="accepted">The types that it may have.</param>
    /// <param name="item">The type that it has; of a vector, the items'.</param>
    /// <param name="isVector">Whether it is a vector.</param>
    /// <param name="isKey">Whether the items are keys.</param>
    internal static string For(string column, IEnumerable<InputType> accepted, DataViewType item, bool isVector, bool isKey)
    {
        if (isKey)
            return "";
        foreach (var type in accepted.Where(type => type.IsVector == isVector))
        {
            if (type.IsKey)
                return ToKey(column);
            if (type.Item == NumberDataViewType.Single && item is NumberDataViewType)
                return ToType(column, DataKind.Single);
        }

        return "";
    }
}
