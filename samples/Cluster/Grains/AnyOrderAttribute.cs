using Orleans.Metadata;

namespace Cluster.Grains;

/// <summary>
/// Says that the calls of a grain may come in any order. A client then sends each to the next silo in turn. Without it, all calls for a key
/// take the way that the first one took: those to one stateless worker go to one silo, and a silo that comes back gets none.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class AnyOrderAttribute : Attribute, IGrainPropertiesProviderAttribute
{
    /// <inheritdoc/>
    public void Populate(IServiceProvider services, Type grainClass, GrainType grainType, Dictionary<string, string> properties) =>
        properties[WellKnownGrainTypeProperties.Unordered] = "true";
}
