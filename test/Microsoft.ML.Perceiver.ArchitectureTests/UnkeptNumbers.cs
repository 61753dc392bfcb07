using System.Reflection;
using System.Reflection.Emit;
using Microsoft.CodeAnalysis;
using TorchSharp;

namespace Microsoft.ML.Perceiver.Tests.Architecture;

/// <summary>The methods of TorchSharp that make a <see cref="Scalar"/> of their own for libtorch, found in their instructions.</summary>
internal static class UnkeptNumbers
{
    private const BindingFlags All =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Lazy<HashSet<string>> Makers = new(Find);

    /// <summary>Whether a call of the method makes a number that nothing refers to.</summary>
    internal static bool AreMadeBy(IMethodSymbol method) => Makers.Value.Contains(KeyOf((method.ReducedFrom ?? method).OriginalDefinition));

    /// <summary>Whether the method converts a number to a <see cref="Scalar"/>.</summary>
    internal static bool IsConversion(IMethodSymbol? method) => method?.ContainingType.Name == nameof(Scalar);

    // A method that calls such a method is one, too.
    private static HashSet<string> Find()
    {
        var methods = typeof(Scalar).Assembly.GetTypes().SelectMany(MethodsOf).ToArray();
        var callers = methods.SelectMany(m => CalledBy(m).Select(called => (called, m))).ToLookup(pair => pair.called, pair => pair.m);
        var found = new HashSet<MethodBase>();
        var left = new Queue<MethodBase>(methods.Where(IsConversion));
        while (left.TryDequeue(out var method))
        {
            foreach (var caller in callers[method].Where(found.Add))
                left.Enqueue(caller);
        }
        return [.. found.Where(m => !IsConversion(m)).Select(KeyOf)];
    }

    private static IEnumerable<MethodBase> MethodsOf(Type type) => [.. type.GetMethods(All), .. type.GetConstructors(All)];

    private static bool IsConversion(MethodBase method) =>
        method.DeclaringType == typeof(Scalar) && method.Name == "op_Implicit" || method.Name == "ToScalar";

    private static IEnumerable<MethodBase> CalledBy(MethodBase method)
    {
        byte[] code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        for (int i = 0; i + sizeof(int) < code.Length; i++)
        {
            // Operands are not skipped: a number in one that reads as a call is no method's token but by rare chance.
            if ((code[i] == OpCodes.Call.Value || code[i] == OpCodes.Callvirt.Value || code[i] == OpCodes.Newobj.Value)
                && Called(method, BitConverter.ToInt32(code, i + 1)) is { } called)
            {
                yield return called;
            }
        }
    }

    private static MethodBase? Called(MethodBase caller, int token)
    {
        const int methodTable = 0x06;
        try
        {
            return token >> 24 == methodTable ? caller.Module.ResolveMethod(token) : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static string KeyOf(MethodBase method) =>
        $"{method.DeclaringType!.Name}.{method.Name}({string.Join(",", method.GetParameters().Select(p => KeyOf(p.ParameterType)))})";

    private static string KeyOf(IMethodSymbol method) =>
        $"{method.ContainingType.MetadataName}.{method.MetadataName}({string.Join(",", method.Parameters.Select(p => KeyOf(p.Type)))})";

    // The name without what generic types are made of is enough to tell overloads apart.
    private static string KeyOf(Type type) => type.IsByRef || type.IsArray ? KeyOf(type.GetElementType()!) : type.Name;

    private static string KeyOf(ITypeSymbol type) => type is IArrayTypeSymbol array ? KeyOf(array.ElementType) : type.MetadataName;
}
