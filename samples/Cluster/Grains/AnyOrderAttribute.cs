using Orleans.CodeGeneration;

namespace Cluster.Grains;

/// <summary>
/// Says that the calls of a method may come in any order. A client then sends each to the next silo in turn. Without it, all calls for a
/// key take the way that the first one took: those to one stateless worker go to one silo, and a silo that comes back gets none.
/// </summary>
[InvokableCustomInitializer("AddInvokeMethodOptions", InvokeMethodOptions.Unordered)]
[AttributeUsage(AttributeTargets.Method)]
internal sealed class AnyOrderAttribute : Attribute;
