using System.Reflection;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.ML.Perceiver.Models;

namespace Microsoft.ML.Perceiver.EndToEndTests.Docs;

/// <summary>What the reference site (<c>eng/docs.sh</c>) and completion show of public methods.</summary>
[TestClass]
public sealed class ReferenceTests
{
    private const string Usings = """
        global using Microsoft.ML;
        global using Microsoft.ML.Data;
        global using Microsoft.ML.Perceiver;
        global using Microsoft.ML.Perceiver.Models;
        """;

    private static readonly Assembly[] Assemblies =
    [
        typeof(PerceiverConfig).Assembly, typeof(PerceiverCatalog).Assembly, typeof(BundledModels).Assembly,
        typeof(PerceiverOnnx).Assembly,
    ];

    private static (IMethodSymbol Method, XElement Documentation)[] CatalogMethods =>
    [
        .. DocumentedMembers.Methods(typeof(PerceiverCatalog).Assembly)
            .Where(m => m.Method.ContainingType.Name == nameof(PerceiverCatalog)),
    ];

    [TestMethod]
    public void Methods_say_what_they_return()
    {
        var methods = Assemblies.SelectMany(DocumentedMembers.Methods).ToArray();
        Assert.IsGreaterThan(200, methods.Length);
        var silent = methods
            .Where(m => !m.Method.ReturnsVoid && m.Method.MethodKind is not MethodKind.Constructor)
            .Where(m => m.Documentation.Element("returns") is null && m.Documentation.Element("inheritdoc") is null)
            .Select(m => m.Method.ToDisplayString());
        string list = string.Join(Environment.NewLine, silent);
        Assert.AreEqual("", list, $"These methods have no <returns>:{Environment.NewLine}{list}");
    }

    [TestMethod]
    public void Every_method_of_the_catalog_has_an_example()
    {
        var methods = CatalogMethods;
        int count = typeof(PerceiverCatalog).GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly).Length;
        Assert.HasCount(count, methods);
        var without = methods
            .Where(m => m.Documentation.Element("example")?.Element("code") is null)
            .Select(m => m.Method.ToDisplayString());
        Assert.AreEqual("", string.Join(Environment.NewLine, without));
    }

    [TestMethod]
    public void Examples_compile_and_use_their_method()
    {
        foreach (var (method, documentation) in CatalogMethods)
        {
            string code = documentation.Element("example")!.Element("code")!.Value;
            var program = PageCode.Compile(code, Usings);
            Assert.AreEqual("", PageCode.Errors(program), $"{method.ToDisplayString()}: {code}");
            var tree = program.SyntaxTrees.Last();
            var model = program.GetSemanticModel(tree);
            var called = tree.GetRoot().DescendantNodes().Select(n => model.GetSymbolInfo(n).Symbol).OfType<IMethodSymbol>()
                .Select(m => (m.ReducedFrom ?? m).GetDocumentationCommentId());
            CollectionAssert.Contains(called.ToArray(), method.GetDocumentationCommentId(), $"{method.ToDisplayString()}: {code}");
        }
    }
}
