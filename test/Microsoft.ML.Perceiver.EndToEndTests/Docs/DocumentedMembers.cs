using System.Reflection;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;

namespace Microsoft.ML.Perceiver.EndToEndTests.Docs;

/// <summary>The documentation files that the compiler writes beside assemblies, with the methods that they describe.</summary>
internal static class DocumentedMembers
{
    /// <summary>The methods that users of an assembly see, with their documentation.</summary>
    public static IEnumerable<(IMethodSymbol Method, XElement Documentation)> Methods(Assembly assembly)
    {
        // The compiler knows the ids that a documentation file has.
        var compilation = PageCode.Compile("");
        var documentation = XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml"));
        foreach (var member in documentation.Descendants("member"))
        {
            string id = member.Attribute("name")!.Value;
            if (DocumentationCommentId.GetFirstSymbolForDeclarationId(id, compilation) is IMethodSymbol method && IsVisible(method))
                yield return (method, member);
        }
    }

    private static bool IsVisible(ISymbol symbol)
    {
        for (var s = symbol; s is not null and not INamespaceSymbol; s = s.ContainingSymbol)
        {
            if (s.DeclaredAccessibility is not (Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal))
                return false;
        }

        return true;
    }
}
