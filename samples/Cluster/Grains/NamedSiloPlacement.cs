using Orleans.Runtime.Placement;

namespace Cluster.Grains;

/// <summary>The placement of <see cref="OnNamedSiloAttribute"/>.</summary>
[GenerateSerializer, Immutable, Alias("perceiver.named-silo-placement")]
internal sealed class NamedSiloPlacement : PlacementStrategy
{
    /// <summary>Chooses the silo that the grain's key names.</summary>
    internal sealed class Director : IPlacementDirector
    {
        /// <inheritdoc/>
        public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
        {
            var named = SiloAddress.FromParsableString(target.GrainIdentity.Key.ToString()!);
            return context.GetCompatibleSilos(target).Contains(named)
                ? Task.FromResult(named)
                : throw new SiloUnavailableException($"There is no silo {named}, or no longer.");
        }
    }
}
