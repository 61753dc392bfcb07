using System.Globalization;

namespace Microsoft.ML.Perceiver;

/// <summary>An extent of a value: a number, or a multiple of a size that is known when the graph runs.</summary>
/// <param name="Factor">The number, or what the size is multiplied by.</param>
/// <param name="Name">The name of the size; null for a number alone.</param>
internal readonly record struct OnnxDimension(long Factor, string? Name)
{
    /// <summary>Whether it is a number alone.</summary>
    internal bool IsKnown => Name is null;

    /// <summary>Whether it is this number.</summary>
    internal bool Is(long size) => IsKnown && Factor == size;

    public static implicit operator OnnxDimension(long size) => new(size, null);

    public static implicit operator OnnxDimension(string name) => new(1, name);

    /// <summary>A product; of two sizes that are known later, the names are joined in their order.</summary>
    public static OnnxDimension operator *(OnnxDimension a, OnnxDimension b)
    {
        string[] names = [.. Names(a).Concat(Names(b)).Order(StringComparer.Ordinal)];
        return new(checked(a.Factor * b.Factor), names.Length == 0 ? null : string.Join('*', names));
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        string factor = Factor.ToString(CultureInfo.InvariantCulture);
        return Name is null ? factor : Factor == 1 ? Name : $"{factor}*{Name}";
    }

    private static string[] Names(OnnxDimension dimension) => dimension.Name?.Split('*') ?? [];
}
