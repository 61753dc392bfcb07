using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Operations;

namespace Microsoft.ML.Perceiver.Tests.Architecture;

/// <summary>
/// No number reaches libtorch by a <c>Scalar</c> that nothing refers to: a garbage collection would free it while libtorch reads it
/// (src/Microsoft.ML.Perceiver.Core/Runtime/Scalars.cs).
/// </summary>
[TestClass]
public sealed class TorchNumberTests
{
    private const string Keeper = "src/Microsoft.ML.Perceiver.Core/Runtime/Scalars.cs";

    private static readonly Lazy<CSharpCompilation> Compilation = new(() => SourceMap.Compile(SourceMap.ReadSources()));

    [TestMethod]
    public void Numbers_live_while_libtorch_reads_them()
    {
        string[] found = [.. Compilation.Value.SyntaxTrees.Where(tree => tree.FilePath != Keeper)
            .SelectMany(tree => Unkept(tree, Compilation.Value))];
        Assert.IsEmpty(found, string.Join(Environment.NewLine, found.Prepend("Use Scalars.Kept or TensorNumbers:")));
    }

    [TestMethod]
    [DataRow("x.clamp_min(0)", DisplayName = "a number as an argument")]
    [DataRow("x * 0.5", DisplayName = "an operator with a number")]
    [DataRow("x + x", DisplayName = "a sum, which has a factor")]
    [DataRow("x += x", DisplayName = "a sum that is assigned")]
    [DataRow("x.add_(x)", DisplayName = "a sum in place")]
    [DataRow("x.square()", DisplayName = "an exponent")]
    [DataRow("torch.nn.functional.elu(x, 1)", DisplayName = "a number that TorchSharp hands on")]
    [DataRow("torch.jit.load(\"a\").invoke<torch.Tensor>(\"b\", x, 2)", DisplayName = "a number of a script")]
    public void A_number_that_nothing_refers_to_is_found(string expression) => Assert.HasCount(1, UnkeptIn(expression));

    [TestMethod]
    [DataRow("x.add(x, Scalars.One)")]
    [DataRow("x.clamp_min(Scalars.Kept(0))")]
    [DataRow("x.Plus(x).Times(0.5)")]
    [DataRow("x - x * x")]
    [DataRow("torch.jit.load(\"a\").invoke<torch.Tensor>(\"b\", x, x)")]
    public void A_number_that_is_kept_is_not(string expression) => Assert.IsEmpty(UnkeptIn(expression));

    private static string[] UnkeptIn(string expression)
    {
        var tree = SourceMap.Parse("src/Wrong.cs", $$"""
            using TorchSharp;
            namespace Microsoft.ML.Perceiver;
            internal static class Wrong { internal static torch.Tensor Result(torch.Tensor x) => {{expression}}; }
            """);
        return [.. Unkept(tree, Compilation.Value.AddSyntaxTrees(tree))];
    }

    private static IEnumerable<string> Unkept(SyntaxTree tree, CSharpCompilation compilation)
    {
        var model = compilation.GetSemanticModel(tree);
        foreach (var node in tree.GetRoot().DescendantNodes())
        {
            var operation = model.GetOperation(node);
            bool isMade = MethodOf(operation) is { } method && UnkeptNumbers.AreMadeBy(method) && !IsScript(operation);
            if (isMade || IsConverted(operation, node))
                yield return $"{tree.FilePath}:{tree.GetLineSpan(node.Span).StartLinePosition.Line + 1}: {node}";
        }
    }

    private static bool IsConverted(IOperation? operation, SyntaxNode node) =>
        operation?.Parent is IConversionOperation conversion && conversion.Syntax == node
        && UnkeptNumbers.IsConversion(conversion.OperatorMethod);

    // A script makes numbers of arguments that are numbers.
    private static bool IsScript(IOperation? operation) =>
        operation is IInvocationOperation { TargetMethod: { Name: "invoke", ContainingType.Name: "ScriptModule" } } script
        && script.Arguments.SelectMany(ValuesOf).All(v => v.Type?.Name is "String" or "Tensor");

    private static IEnumerable<IOperation> ValuesOf(IArgumentOperation argument) =>
        argument.Value is IArrayCreationOperation { Initializer: { } values }
        ? values.ElementValues.Select(v => v is IConversionOperation conversion ? conversion.Operand : v)
        : [argument.Value];

    private static IMethodSymbol? MethodOf(IOperation? operation) => operation switch
    {
        IBinaryOperation binary => binary.OperatorMethod,
        ICompoundAssignmentOperation assignment => assignment.OperatorMethod,
        IInvocationOperation invocation => invocation.TargetMethod,
        IObjectCreationOperation creation => creation.Constructor,
        _ => null,
    };
}
