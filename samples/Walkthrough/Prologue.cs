namespace Walkthrough;

/// <summary>The notebook's first cell: what the program has by other means.</summary>
internal static class Prologue
{
    public const string Text =
        "The packages come from this repository: run `eng/pack.sh` before you open the notebook. The functions below stand for what "
        + "`samples/Walkthrough` has in its file `Page.cs`; all other cells are that program's, and their output is its output.";

    public static string Code =>
        $$""""
        using System.IO;
        using Microsoft.DotNet.Interactive;
        using Microsoft.DotNet.Interactive.Commands;

        // A source of packages is named by its full path.
        await Kernel.Root.SendAsync(new SubmitCode($"""
            #i "nuget:{Path.GetFullPath("../artifacts/packages")}"
            #r "nuget: Microsoft.ML.Perceiver, {{Version}}"
            #r "nuget: Microsoft.ML.Perceiver.Models, {{Version}}"
            #r "nuget: TorchSharp-cpu, {{TorchSharp}}"
            #r "nuget: NAudio.Core, {{NAudio}}"
            """));
        """";

    public static string Functions =>
        $$"""
        {{Source.Usings}}

        string Sample(string path) => Path.Combine("..", "samples", path);

        void Show(string name, PerceiverImage image)
        {
            string file = Path.Combine(Path.GetTempPath(), $"perceiver-{name}.png");
            using (var converted = image.ToMLImage())
                converted.Save(file);
            display(HTML($"<img alt=\"{name}\" src=\"data:image/png;base64,{Convert.ToBase64String(File.ReadAllBytes(file))}\">"));
        }

        var ml = new MLContext(seed: 1);
        """;

    private static string Version => typeof(PerceiverCheckpoint).Assembly.GetName().Version!.ToString(3);

    private static string NAudio => typeof(WaveFileReader).Assembly.GetName().Version!.ToString(3);

    private static string TorchSharp => typeof(TorchSharp.torch).Assembly.GetName().Version!.ToString(3);
}
