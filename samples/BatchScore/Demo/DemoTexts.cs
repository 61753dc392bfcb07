using Microsoft.ML;
using Microsoft.ML.Data;

namespace BatchScore.Demo;

/// <summary>Files of texts: the bundled messages over and over, each with a number, so that no two lines are alike.</summary>
internal static class DemoTexts
{
    private const int Files = 3, Longest = 60;

    /// <summary>Writes them.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="rows">How many lines all files have together.</param>
    public static void Write(string folder, int rows)
    {
        var mlContext = new MLContext();
        string[] messages =
        [
            .. MyModel.LoadMessages(mlContext).GetColumn<string>("Text").Select(text => text[..Math.Min(Longest, text.Length)]),
        ];
        Directory.CreateDirectory(folder);
        int number = 0;
        for (int file = 1; file <= Files; file++)
        {
            // The files end in the middle of shards.
            int end = (int)((long)rows * file / Files);
            using var writer = new StreamWriter(Path.Combine(folder, $"texts-{file}.txt")) { NewLine = "\n" };
            for (; number < end; number++)
                writer.WriteLine($"{number} {messages[number % messages.Length]}");
        }
    }
}
