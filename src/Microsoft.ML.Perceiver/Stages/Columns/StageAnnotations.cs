using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>Annotations that ML.NET's evaluators and AutoML look for.</summary>
internal static class StageAnnotations
{
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

    /// <summary>Says something in words.</summary>
    internal static void AddText(DataViewSchema.Annotations.Builder builder, string name, string text)
    {
        ValueGetter<ReadOnlyMemory<char>> getter = (ref ReadOnlyMemory<char> value) => value = text.AsMemory();
        builder.Add(name, TextDataViewType.Instance, getter);
    }
}
