using System.Text.RegularExpressions;
using Microsoft.ML.Perceiver.EndToEndTests.Packages;

namespace Microsoft.ML.Perceiver.EndToEndTests.Samples;

/// <summary>eng/samples.sh runs every sample, docs/samples.md names it, and it says what a user would do next.</summary>
[TestClass]
public sealed partial class SampleListTests
{
    private static readonly string s_root = PackageFeed.Setting("RepositoryFolder");

    // A folder with a project is a program.
    private static readonly string[] s_programs =
    [
        .. Directory.GetDirectories(Path.Combine(s_root, "samples"))
            .Where(folder => Directory.GetFiles(folder, "*.csproj").Length > 0)
            .Select(folder => Path.GetFileName(folder)!)
            .Order(StringComparer.Ordinal),
    ];

    [TestMethod]
    public void The_script_runs_every_sample()
    {
        string script = File.ReadAllText(Path.Combine(s_root, "eng", "samples.sh"));
        string[] run = [.. RunLine().Matches(script).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal)];
        Assert.IsGreaterThan(10, s_programs.Length);
        CollectionAssert.AreEqual(s_programs, run);
    }

    [TestMethod]
    public void The_page_of_samples_names_every_sample()
    {
        string page = File.ReadAllText(Path.Combine(s_root, "docs", "samples.md"));
        foreach (string program in s_programs)
            StringAssert.Contains(page, $"| `samples/{program}` |");
    }

    [TestMethod]
    public void Every_sample_writes_next_steps_that_there_are()
    {
        foreach (string program in s_programs)
        {
            string source = Source(program);
            if (program == "Playground")
            {
                // A server: what comes next is its address, and the page behind it.
                StringAssert.Contains(source, "The playground is at {app.Urls.First()}");
                continue;
            }

            StringAssert.Contains(source, "NextSteps.Write(", program);
            foreach (Match step in Step().Matches(source))
            {
                CollectionAssert.Contains(s_programs, step.Groups[1].Value, step.Value);
                foreach (Match option in OptionName().Matches(step.Value))
                    StringAssert.Contains(Source(step.Groups[1].Value), $"(\"{option.Groups[1].Value}\"", step.Value);
            }
        }
    }

    [TestMethod]
    public void The_commands_of_the_page_name_samples_and_options_that_there_are()
    {
        string page = File.ReadAllText(Path.Combine(s_root, "docs", "samples.md"));
        var commands = Command().Matches(page).ToArray();
        Assert.IsGreaterThanOrEqualTo(7, commands.Length, "a command for each task");
        foreach (var command in commands)
        {
            CollectionAssert.Contains(s_programs, command.Groups[1].Value, command.Value);
            string[] words = command.Groups[2].Value.Split(' ');
            foreach (string option in words.Where(word => word.StartsWith("--", StringComparison.Ordinal) && word != "--"))
                StringAssert.Contains(Source(command.Groups[1].Value), $"(\"{option}\")", command.Value);
        }
    }

    private static string Source(string program)
    {
        string folder = Path.Combine(s_root, "samples", program);
        var folders = Directory.GetDirectories(folder).Where(f => Path.GetFileName(f) is not ("bin" or "obj" or "Data")).Prepend(folder);
        var files = folders.SelectMany(f => Directory.GetFiles(f, "*.cs")).Order(StringComparer.Ordinal);
        return string.Join('\n', files.Select(File.ReadAllText));
    }

    [GeneratedRegex(@"^(?:\w+=\w+ )?run (\w+)", RegexOptions.Multiline)]
    private static partial Regex RunLine();

    [GeneratedRegex(@"NextSteps\.Run\(""(\w+)""[^;]*?\)[,;)]")]
    private static partial Regex Step();

    [GeneratedRegex(@"""(--[\w-]+)""")]
    private static partial Regex OptionName();

    [GeneratedRegex(@"dotnet run -c Release --project samples/(?!NAME)(\w+)([^`\n]*)")]
    private static partial Regex Command();
}
