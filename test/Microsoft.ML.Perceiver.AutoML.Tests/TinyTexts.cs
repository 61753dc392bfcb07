namespace Microsoft.ML.Perceiver.AutoML.Tests;

/// <summary>Texts of two classes that are told apart by their letter.</summary>
internal static class TinyTexts
{
    internal static IDataView Load(MLContext context, int rows) => context.Data.LoadFromEnumerable(Enumerable.Range(0, rows).Select(i =>
        new Row { Text = new string(i % 2 == 0 ? 'a' : 'z', 3 + i % 7), Class = i % 2 == 0 ? "first" : "last" }).ToArray());

    internal sealed class Row
    {
        public string Text { get; set; } = "";

        public string Class { get; set; } = "";
    }
}
