using System.CommandLine;
using FillMask;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Perceiver.Models;
using Samples;
using Spectre.Console;

var textArgument = new Argument<string[]>("text")
{
    Description = "Texts to fill; without any, they are prompted for, or read from standard input",
    Arity = ArgumentArity.ZeroOrMore,
};
var checkpointOption = new Option<string?>("--checkpoint")
{
    Description = $"A checkpoint's folder; {BundledModels.MiniLanguage} where none is given",
};
var topOption = new Option<int>("--top") { Description = "How many fillings are shown", DefaultValueFactory = _ => 5 };
var decodingOption = new Option<PerceiverFillMaskDecoding>("--decoding")
{
    Description = "OneShot judges all masks at once, LeftToRight one after the other",
    DefaultValueFactory = _ => PerceiverFillMaskDecoding.LeftToRight,
};
var command = new RootCommand("Fills the masks of a text. A mask, [MASK] or _ for short, stands for one byte.")
{
    textArgument, checkpointOption, topOption, decodingOption,
};
command.SetAction(arguments => Run(
    arguments.GetValue(textArgument)!,
    arguments.GetValue(checkpointOption),
    arguments.GetValue(topOption),
    arguments.GetValue(decodingOption)));
try
{
    return command.Parse(args).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception e) when (e is ArgumentException or IOException or UnauthorizedAccessException
    or InvalidOperationException or FormatException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

static void Run(string[] texts, string? folder, int top, PerceiverFillMaskDecoding decoding)
{
    var checkpoint = folder is null ? PerceiverCheckpoint.Bundled(BundledModels.MiniLanguage) : PerceiverCheckpoint.FromDirectory(folder);
    using var filler = new Filler(checkpoint, top, decoding);
    foreach (string typed in texts.Length > 0 ? texts : Console.IsInputRedirected ? Lines() : Prompt(checkpoint))
        Show(filler, MaskedText.Expand(typed));
    NextSteps.Write(
        NextSteps.Run("FillMask", "--top", $"{2 * top}", "The old man looked at the s_a."),
        NextSteps.Run("Pretrain"));
}

static IEnumerable<string> Lines()
{
    while (Console.ReadLine() is { } line)
    {
        if (line.Length > 0)
            yield return line;
    }
}

static IEnumerable<string> Prompt(PerceiverCheckpoint checkpoint)
{
    int most = checkpoint.Config.MaxPositionEmbeddings - 2;
    string instructions =
        $"Type a text with masks: each [green]_[/] (or [green][[MASK]][/]) is one letter, up to {most} in all.\nAn empty line ends.";
    AnsiConsole.Write(new Panel(instructions).Header("Perceiver fill-mask"));
    AnsiConsole.MarkupLine("[grey]For example: It was a dark and stormy n____.[/]");
    while (AnsiConsole.Prompt(new TextPrompt<string>(">").AllowEmpty()) is { Length: > 0 } line)
        yield return line;
}

// A text that cannot be filled is reported, and the next one is read.
static void Show(Filler filler, string text)
{
    if (!text.Contains(MaskedText.Mask, StringComparison.Ordinal))
    {
        AnsiConsole.MarkupLineInterpolated($"[yellow]There is no mask in '{text}': write _ where a letter is wanted.[/]");
        return;
    }

    try
    {
        var table = new Table().AddColumns(
            new TableColumn("").RightAligned(),
            new TableColumn("filled"),
            new TableColumn("probability").RightAligned());
        int rank = 1;
        foreach (var (filled, probability) in filler.Fill(text))
            table.AddRow($"{rank++}", Highlight(text, filled), $"{probability:P1}");
        AnsiConsole.Write(table);
    }
    catch (InvalidOperationException e)
    {
        AnsiConsole.MarkupLineInterpolated($"[yellow]{e.Message}[/]");
    }
}

// What was filled in, picked out.
static string Highlight(string masked, string filled)
{
    var pieces = MaskedText.Pieces(masked, filled);
    return string.Concat(pieces.Select(p => p.Filled ? $"[bold green]{Markup.Escape(p.Text)}[/]" : Markup.Escape(p.Text)));
}
