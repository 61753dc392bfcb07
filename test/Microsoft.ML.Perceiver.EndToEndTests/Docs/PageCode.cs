using System.Reflection;
using System.Runtime.Loader;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Microsoft.ML.Perceiver.EndToEndTests.Docs;

/// <summary>The code blocks of pages, and C# that is compiled and run as the Program.cs of a new console project.</summary>
internal static class PageCode
{
    // What the .NET SDK's ImplicitUsings gives a console project.
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;

        """;

    private static readonly Lazy<MetadataReference[]> s_references = new(() =>
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(file => MetadataReference.CreateFromFile(file)),
    ]);

    /// <summary>The blocks of a language, in their order.</summary>
    public static IReadOnlyList<string> Blocks(string page, string language) =>
    [
        .. Regex.Matches(page, $@"^```{language}\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)
            .Select(match => match.Groups[1].Value),
    ];

    /// <summary>The first block of a language after a line.</summary>
    public static string FirstAfter(string page, string line, string language)
    {
        int at = page.IndexOf(line + "\n", StringComparison.Ordinal);
        Assert.IsGreaterThanOrEqualTo(0, at, $"There is no line '{line}'.");
        return Blocks(page[at..], language)[0];
    }

    /// <summary>A program, with usings besides the implicit ones.</summary>
    public static CSharpCompilation Compile(string program, string usings = "") => CSharpCompilation.Create(
        "Program",
        [Parse(ImplicitUsings + usings, "Usings.cs"), Parse(program, "Program.cs")],
        s_references.Value,
        new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));

    /// <summary>What the compiler finds wrong with a program; empty for nothing.</summary>
    public static string Errors(CSharpCompilation program) => string.Join(
        Environment.NewLine, program.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error));

    /// <summary>Runs a program in this process, in a folder, and returns what it writes.</summary>
    public static string Run(string program, string folder)
    {
        using var assembly = new MemoryStream();
        var emitted = Compile(program).Emit(assembly);
        Assert.IsTrue(emitted.Success, string.Join(Environment.NewLine, emitted.Diagnostics));
        assembly.Position = 0;
        var loaded = new AssemblyLoadContext("Program", isCollectible: true).LoadFromStream(assembly);
        var (console, current) = (Console.Out, Directory.GetCurrentDirectory());
        using var written = new StringWriter();
        try
        {
            Console.SetOut(written);
            Directory.SetCurrentDirectory(folder);
            loaded.EntryPoint!.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [Array.Empty<string>()], null);
        }
        finally
        {
            Directory.SetCurrentDirectory(current);
            Console.SetOut(console);
        }

        return written.ToString().ReplaceLineEndings("\n");
    }

    private static SyntaxTree Parse(string source, string path) =>
        CSharpSyntaxTree.ParseText(source, new CSharpParseOptions(LanguageVersion.Latest), path);
}
