namespace Microsoft.ML.Perceiver;

/// <summary>
/// Makes and loads the head that a configuration names, whichever it is, as the reference's <c>AutoModel</c> classes do. Where the head is
/// known, its constructor or its own <c>FromPretrained</c> can be called instead.
/// </summary>
public static class PerceiverModels
{
    /// <summary>
    /// The heads' class names, as <see cref="PerceiverConfig.Architectures"/> has them. <see cref="PerceiverModel"/> itself is not among
    /// them: no configuration says which parts it has.
    /// </summary>
    public static IReadOnlyList<string> Architectures { get; } = [.. HeadClass.All.Select(h => h.Name)];

    /// <summary>
    /// Makes the head that a configuration's <see cref="PerceiverConfig.Architectures"/> names; of several names the first is used.
    /// </summary>
    /// <param name="config">The configuration.</param>
    /// <param name="initialize">Whether to draw random weights; false leaves them on the meta device for a checkpoint to fill.</param>
    /// <param name="seed">Seed of the random weights.</param>
    /// <returns>The model, on the CPU.</returns>
    /// <exception cref="ArgumentException">It names no head, or its numbers do not fit each other.</exception>
    public static PerceiverPreTrainedModel Create(PerceiverConfig config, bool initialize = true, long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(config);
        return HeadClass.Of(config) is { } head
            ? head.Create(config, initialize, seed)
            : throw new ArgumentException(
                $"The configuration's architecture is {HeadClass.Described(config)}; the heads are {string.Join(", ", Architectures)}.",
                nameof(config));
    }

    /// <summary>Loads a folder that <see cref="PerceiverPreTrainedModel.SavePretrained"/> or Hugging Face wrote, of any head.</summary>
    /// <param name="directory">The folder.</param>
    /// <returns>The model with the weights of the folder, on the CPU and in evaluation mode.</returns>
    /// <exception cref="ArgumentException">Its configuration names no head.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="FormatException">A file is damaged, or the weights are another model's.</exception>
    public static PerceiverPreTrainedModel FromPretrained(string directory) =>
        PerceiverCheckpoint.FromDirectory(directory).Load(c => Create(c, initialize: false)).Model;
}
