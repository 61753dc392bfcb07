using Microsoft.ML;
using Microsoft.ML.Data;

namespace Playground;

/// <summary>The queries of banking77's test rows, which lie beside the program.</summary>
internal static class BankQueries
{
    /// <summary>How many there are.</summary>
    public const int Count = 3080;

    private static readonly string File = Path.Combine(AppContext.BaseDirectory, "examples", "alike", "test.csv");

    /// <summary>Reads them.</summary>
    public static string[] Read(MLContext ml) =>
    [
        .. ml.Data.LoadFromTextFile(File, new TextLoader.Options
        {
            Separators = [','],
            HasHeader = true,
            AllowQuoting = true,
            ReadMultilines = true,
            Columns = [new("Text", DataKind.String, 0)],
        }).GetColumn<string>("Text"),
    ];
}
