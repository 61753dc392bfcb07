namespace Walkthrough;

/// <summary>The notebook's first cell: what the program has by other means.</summary>
internal static class Prologue
{
    public const string Text =
        "The packages come from this repository: run `eng/pack.sh` first, and open the notebook in its folder `docs`. The functions below stand for what "
        + "`samples/Walkthrough` has in its file `Page.cs`; all other cells are that program's, and their output is its output.";

    public static string Code =>
        $$"""
        #i "nuget:{{Feed}}"
        #r "nuget: Microsoft.ML.Perceiver, {{Version}}"
        #r "nuget: Microsoft.ML.Perceiver.Models, {{Version}}"
        #r "nuget: TorchSharp-cpu, {{TorchSharp}}"
        """;

    public static string Functions =>
        $$"""
        {{Source.Usings}}

        string Sample(string path) => Path.Combine("..", "samples", path);

        void Show(string name, PerceiverImage picture)
        {
            string file = Path.Combine(Path.GetTempPath(), $"perceiver-{name}.png");
            using (var image = picture.ToMLImage())
                image.Save(file);
            display(HTML($"<img alt=\"{name}\" src=\"data:image/png;base64,{Convert.ToBase64String(File.ReadAllBytes(file))}\">"));
        }

        var ml = new MLContext(seed: 1);
        """;

    // A folder beside the notebook's.
    private const string Feed = "../artifacts/packages";

    private static string Version => typeof(PerceiverCheckpoint).Assembly.GetName().Version!.ToString(3);

    private static string TorchSharp => typeof(TorchSharp.torch).Assembly.GetName().Version!.ToString(3);
}
