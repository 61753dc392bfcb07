namespace BatchScore.Inputs;

/// <summary>Which fields of a file a column of the model is made of.</summary>
/// <param name="Column">The model's column.</param>
/// <param name="Fields">The file's fields; several make a vector.</param>
internal sealed record FieldMap(string Column, IReadOnlyList<string> Fields)
{
    /// <summary>Reads COLUMN=FIELD or COLUMN=FIELD,FIELD,...</summary>
    /// <param name="text">The text.</param>
    public static FieldMap Parse(string text)
    {
        string[] parts = text.Split('=', 2);
        string[] fields = parts.Length == 2 ? parts[1].Split(',') : [];
        return parts[0].Length > 0 && fields.Length > 0 && fields.All(field => field.Length > 0)
            ? new FieldMap(parts[0], fields)
            : throw new ArgumentException($"--column is '{text}'; it must be COLUMN=FIELD or COLUMN=FIELD,FIELD,...");
    }
}
