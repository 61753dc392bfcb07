namespace Microsoft.ML.Perceiver.EndToEndTests.Packages;

/// <summary>What README.md tells a new user to do does what it says.</summary>
[TestClass]
public sealed class ReadmeProgramTests
{
    [TestMethod]
    public void The_program_its_packages_and_its_output_are_read()
    {
        string[] readme =
        [
            "```bash", "dotnet build", "```", "",
            "```bash", "dotnet add package A", "dotnet add package B --version 1.0   # libtorch", "```", "Text.",
            "```csharp", "Console.WriteLine(1);", "", "Console.WriteLine(2);", "```", "",
            "```text", "1", "2", "```", "```csharp", "More();", "```",
        ];
        var program = ReadmeProgram.Parse(readme);
        Assert.AreEqual("A|B --version 1.0", string.Join('|', program.Packages.Select(p => string.Join(' ', p))));
        Assert.AreEqual("Console.WriteLine(1);\n\nConsole.WriteLine(2);", program.Source);
        Assert.AreEqual("1\n2", program.Output);
        Assert.ThrowsExactly<FormatException>(() => ReadmeProgram.Parse(readme[..12]));
    }

    /// <summary>A clean folder, dotnet new console, the install lines and the program.</summary>
    [TestMethod]
    [TestCategory("LongRunning")]
    [DataRow("net10.0")]
    [DataRow("net8.0")]
    public void The_first_program_of_the_README_writes_what_stands_there(string framework)
    {
        string repository = PackageFeed.Setting("RepositoryFolder");
        var program = ReadmeProgram.Parse(File.ReadAllLines(Path.Combine(repository, "README.md")));
        using var folder = new UserFolder();
        string project = folder["first"];
        Directory.CreateDirectory(project);
        DotNetCommand.Run(project, "new", "console", "--no-restore");
        // What the template of the SDK for .NET 8 has there.
        string file = Path.Combine(project, "first.csproj"), content = File.ReadAllText(file);
        StringAssert.Contains(content, "<TargetFramework>net10.0<");
        File.WriteAllText(file, content.Replace("<TargetFramework>net10.0<", $"<TargetFramework>{framework}<", StringComparison.Ordinal));
        foreach (string[] package in program.Packages)
            DotNetCommand.Run(project, ["add", "package", .. package]);
        File.WriteAllText(Path.Combine(project, "Program.cs"), program.Source);
        // dotnet run writes the build's warnings, about this machine's source of packages too, before what the program writes.
        DotNetCommand.Run(project, "build");
        string output = DotNetCommand.Run(project, "run", "--no-build").ReplaceLineEndings("\n");
        Assert.AreEqual(program.Output.Trim(), output.Trim());
    }
}
