using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Microsoft.ML.Perceiver.Tests.Architecture;

/// <summary>Every use of a symbol of src in another file of src, resolved by the compiler.</summary>
internal static class SourceMap
{
    // What source generators write (imported functions, regular expressions) is left out here.
    private const string PartialMethodWithoutBody = "CS8795";
    private const string ImplicitUsings = "Microsoft.ML.Perceiver.Tests.ImplicitUsings";

    /// <summary>The folder that has the solution.</summary>
    internal static string Root { get; } = FindRoot();

    /// <summary>
    /// The source files of src by their path from the repository's root, but for the AutoML package: it needs Microsoft.ML.AutoML, which
    /// not every machine can get.
    /// </summary>
    internal static IReadOnlyDictionary<string, string> ReadSources() =>
        Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal))
            .Where(path => !path.StartsWith("src/Microsoft.ML.Perceiver.AutoML/", StringComparison.Ordinal))
            .ToDictionary(path => path, path => File.ReadAllText(Path.Combine(Root, path)));

    /// <summary>Compiles sources, all houses together.</summary>
    /// <param name="sources">Source texts by path.</param>
    /// <exception cref="InvalidOperationException">The sources do not compile, so that symbols would be missed.</exception>
    internal static CSharpCompilation Compile(IReadOnlyDictionary<string, string> sources)
    {
        const string usings = """
            global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
            global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;
            """;
        var compilation = CSharpCompilation.Create(
            "src",
            [.. sources.Select(s => Parse(s.Key, s.Value)), Parse(ImplicitUsings, usings)],
            References(),
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));
        string[] errors = [.. compilation.GetDiagnostics()
            .Where(d => d.Severity == DiagnosticSeverity.Error && d.Id != PartialMethodWithoutBody)
            .Select(d => d.ToString())];
        if (errors.Length > 0)
            throw new InvalidOperationException(string.Join(Environment.NewLine, errors.Take(20).Prepend("The sources do not compile:")));
        return compilation;
    }

    /// <summary>Parses a source text as it is compiled for the runtime that runs this, whose assemblies it refers to.</summary>
    internal static SyntaxTree Parse(string path, string text) => CSharpSyntaxTree.ParseText(
        text, new CSharpParseOptions(LanguageVersion.Preview, preprocessorSymbols: ["NET9_0_OR_GREATER", "NET10_0_OR_GREATER"]), path);

    /// <summary>The arrows of all files.</summary>
    internal static IReadOnlyList<Arrow> ArrowsOf(CSharpCompilation compilation) =>
        [.. compilation.SyntaxTrees.SelectMany(tree => ArrowsOf(compilation, tree))];

    /// <summary>The arrows of a file.</summary>
    internal static IReadOnlyList<Arrow> ArrowsOf(CSharpCompilation compilation, SyntaxTree tree) =>
        [.. ArrowsOf(tree, compilation.GetSemanticModel(tree)).Distinct()];

    private static IEnumerable<Arrow> ArrowsOf(SyntaxTree tree, SemanticModel model)
    {
        foreach (var node in tree.GetRoot().DescendantNodes())
        {
            var symbol = node switch
            {
                SimpleNameSyntax or ImplicitObjectCreationExpressionSyntax or ConstructorInitializerSyntax =>
                    model.GetSymbolInfo(node).Symbol,
                _ => null,
            };
            if (symbol is null or INamespaceSymbol or ILocalSymbol or IParameterSymbol or ITypeParameterSymbol)
                continue;
            int line = tree.GetLineSpan(node.Span).StartLinePosition.Line + 1;
            foreach (string file in DeclaringFiles(symbol, tree))
                yield return new Arrow(tree.FilePath, line, file, NameOf(symbol));
        }
    }

    private static IEnumerable<string> DeclaringFiles(ISymbol symbol, SyntaxTree user)
    {
        if (symbol is IMethodSymbol { ReducedFrom: { } extension })
            symbol = extension;
        var locations = symbol.OriginalDefinition.Locations.Where(l => l.IsInSource).ToArray();
        // A partial type that is named in one of its own parts is no arrow.
        return locations.Any(l => l.SourceTree == user) ? [] : locations.Select(l => l.SourceTree!.FilePath).Distinct();
    }

    private static string NameOf(ISymbol symbol) => symbol switch
    {
        IMethodSymbol { MethodKind: MethodKind.Constructor } => symbol.ContainingType.Name,
        INamedTypeSymbol => symbol.Name,
        { ContainingType: { } type } => $"{type.Name}.{symbol.Name}",
        _ => symbol.Name,
    };

    private static IEnumerable<MetadataReference> References()
    {
        var metadata = typeof(SourceMap).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>();
        string publicized = metadata.Single(a => a.Key == "PublicizedReferences").Value!;
        string[] copies = Directory.GetFiles(Path.Combine(Root, publicized), "*.dll");
        var names = copies.Select(Path.GetFileName).ToHashSet(StringComparer.OrdinalIgnoreCase);
        string loaded = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        return loaded.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(path => !Path.GetFileName(path).StartsWith("Microsoft.ML.Perceiver", StringComparison.Ordinal))
            .Where(path => !names.Contains(Path.GetFileName(path)))
            .Concat(copies)
            .Select(path => MetadataReference.CreateFromFile(path));
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Microsoft.ML.Perceiver.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The solution's folder was not found above the test's assembly.");
    }
}
