namespace Microsoft.ML.Perceiver;

/// <summary>Prepares the weights of affine maps for inference.</summary>
internal interface IWeightPreparation
{
    /// <summary>Prepares the weights of maps of one input, which one product then computes.</summary>
    /// <param name="maps">The maps; they are not changed.</param>
    PreparedMap Prepare(params IReadOnlyList<AffineMap> maps);
}
