using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>Annotations that ML.NET's evaluators and AutoML look for.</summary>
internal static class StageAnnotations
{
    /// <summary>The annotation with the names of a vector's slots.</summary>
    internal const string SlotNames = "SlotNames";

    /// <summary>Says what kind of scores a column belongs to, and which part of them it is.</summary>
    internal static void AddScoreKind(DataViewSchema.Annotations.Builder builder, string kind, string value = "Score")
    {
        AddText(builder, "ScoreColumnKind", kind);
        AddText(builder, "ScoreValueKind", value);
    }

    /// <summary>The annotations of a column of scores without names.</summary>
    internal static DataViewSchema.Annotations Score(string kind)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        AddScoreKind(builder, kind);
        return builder.ToAnnotations();
    }

    /// <summary>Names the slots of a vector of known size.</summary>
    internal static void AddSlotNames(DataViewSchema.Annotations.Builder builder, IReadOnlyList<string> names)
    {
        var texts = names.Select(n => n.AsMemory()).ToArray();
        builder.Add(SlotNames, new VectorDataViewType(TextDataViewType.Instance, texts.Length), Getters.Vector(() => texts));
    }

    /// <summary>The names of a column's slots; null where they have none.</summary>
    internal static string[]? SlotNamesOf(DataViewSchema.Column column)
    {
        if (!column.HasSlotNames())
            return null;
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }

    /// <summary>Says something in words.</summary>
    internal static void AddText(DataViewSchema.Annotations.Builder builder, string name, string text)
    {
        ValueGetter<ReadOnlyMemory<char>> getter = (ref ReadOnlyMemory<char> value) => value = text.AsMemory();
        builder.Add(name, TextDataViewType.Instance, getter);
    }
}
