using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>The kinds of label columns: which types they have, and what is said where a column has another.</summary>
internal static class LabelKinds
{
    /// <summary>The problem that labels of a kind belong to.</summary>
    internal static PerceiverProblemType ToProblem(this LabelKind kind) => kind switch
    {
        LabelKind.Number => PerceiverProblemType.Regression,
        LabelKind.Several => PerceiverProblemType.MultiLabel,
        _ => PerceiverProblemType.SingleLabel,
    };

    /// <summary>The kind of a column.</summary>
    /// <param name="column">The column.</param>
    /// <param name="wanted">The one kind that is learnt; null for any.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is of another kind, or of none.</exception>
    internal static LabelKind Of(DataViewSchema.Column column, LabelKind? wanted)
    {
        bool isKnown = column.Type is not VectorDataViewType { IsKnownSize: false };
        var item = column.Type is VectorDataViewType vector ? vector.ItemType : column.Type;
        bool isKey = item is KeyDataViewType;
        return Checked(KindOf(item, isKey, column.Type is VectorDataViewType, isKnown), wanted)
            ?? throw Unfit(column.Name, wanted, column.Type.ToString()!, item, isKey, column.Type is VectorDataViewType);
    }

    /// <summary>As <see cref="Of(DataViewSchema.Column, LabelKind?)"/>, of a column that only its shape is known of.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is of another kind, or of none.</exception>
    internal static LabelKind Of(SchemaShape.Column column, LabelKind? wanted)
    {
        bool isVector = column.Kind != SchemaShape.Column.VectorKind.Scalar;
        bool isKnown = column.Kind != SchemaShape.Column.VectorKind.VariableVector;
        string type = $"{column.Kind} of {(column.IsKey ? "key " : "")}{column.ItemType}";
        return Checked(KindOf(column.ItemType, column.IsKey, isVector, isKnown), wanted)
            ?? throw Unfit(column.Name, wanted, type, column.ItemType, column.IsKey, isVector);
    }

    private static LabelKind? KindOf(DataViewType item, bool isKey, bool isVector, bool isKnown)
    {
        if (isKey)
            return isVector ? null : LabelKind.Class;
        bool isTruth = item is BooleanDataViewType, isNumber = item == NumberDataViewType.Single;
        if (isVector)
            return isKnown && (isTruth || isNumber) ? LabelKind.Several : null;
        return isTruth ? LabelKind.Truth : isNumber ? LabelKind.Number : null;
    }

    private static LabelKind? Checked(LabelKind? kind, LabelKind? wanted) => wanted is null || kind == wanted ? kind : null;

    private static ArgumentOutOfRangeException Unfit(
        string name, LabelKind? wanted, string type, DataViewType item, bool isKey, bool isVector) =>
        StageErrors.Mistyped(name, Needed(wanted), type, AdviceFor(name, wanted, item, isKey, isVector));

    private static string Needed(LabelKind? wanted) => wanted switch
    {
        LabelKind.Class => "a key (classes)",
        LabelKind.Truth => "Boolean",
        LabelKind.Number => "a Single (regression)",
        LabelKind.Several => "a vector of Single or Boolean of known size (several labels)",
        _ => "a key (classes), a Boolean (two classes), a Single (regression), or a vector of Single or Boolean of known size (several "
            + "labels)",
    };

    // What ML.NET has for the purpose; what a column of another form than that of labels is meant for, nobody knows.
    private static string AdviceFor(string name, LabelKind? wanted, DataViewType item, bool isKey, bool isVector)
    {
        bool isNumber = !isKey && item is NumberDataViewType, isText = item is TextDataViewType;
        switch (wanted)
        {
            case LabelKind.Several when isVector && isKey:
                return ConversionAdvice.ToIndicators(name);
            case LabelKind.Several when isVector && isNumber && item != NumberDataViewType.Single:
                return ConversionAdvice.ToType(name, DataKind.Single);
            case LabelKind.Class when !isVector:
                return ConversionAdvice.ToKey(name);
            case LabelKind.Truth when !isVector && (isNumber || isText):
                return ConversionAdvice.ToType(name, DataKind.Boolean);
            case LabelKind.Number when !isVector && (isNumber || isText || item is BooleanDataViewType):
                return ConversionAdvice.ToType(name, DataKind.Single);
            case null when !isVector && isNumber:
                return ConversionAdvice.ToType(name, DataKind.Single) + ConversionAdvice.ToKey(name);
            case null when !isVector && isText:
                return ConversionAdvice.ToKey(name);
            default:
                return "";
        }
    }
}
