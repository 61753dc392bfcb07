using System.Collections;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Going on from a model of ML.NET. With C# 14 these are methods of <see cref="PerceiverCheckpoint"/>:
/// <c>PerceiverCheckpoint.FromModelFile("model.zip")</c>; earlier versions call them by this class.
/// </summary>
public static class PerceiverModelCheckpoint
{
    // The analyzer of the public API lists does not know extension blocks.
#pragma warning disable RS0016
    extension(PerceiverCheckpoint)
    {
        /// <summary>
        /// The model in a file that <c>mlContext.Model.Save</c> wrote, to train it further or to use it in another stage.
        /// </summary>
        /// <param name="path">The model file.</param>
        /// <returns>The checkpoint; it keeps the model in memory.</returns>
        /// <exception cref="FileNotFoundException">There is no such file, or the weights that it names are not there.</exception>
        /// <exception cref="FormatException">The file is damaged.</exception>
        /// <exception cref="ArgumentException">It has no stage of a Perceiver, or several.</exception>
        public static PerceiverCheckpoint FromModelFile(string path)
        {
            ArgumentException.ThrowIfNullOrEmpty(path);
            // The checkpoint keeps the transformer, which nobody disposes; its memory goes with the checkpoint's.
            string source = $"the model file '{path}'";
            return StageOf(new MLContext().Model.LoadPerceiver(path, out _), source, nameof(path)).ToCheckpoint(source);
        }

        /// <summary>The model of a transformer, or of the one stage of a Perceiver in a chain of transformers.</summary>
        /// <param name="transformer">
        /// The transformer, or chain. The checkpoint reads its weights when they are loaded: dispose it after that, not before.
        /// </param>
        /// <returns>The checkpoint. What is trained from it has weights of its own: the transformer stays as it is.</returns>
        /// <exception cref="ArgumentException">It is no stage of a Perceiver, and has none or several.</exception>
        /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
        public static PerceiverCheckpoint From(ITransformer transformer)
        {
            ArgumentNullException.ThrowIfNull(transformer);
            const string source = "a transformer's model";
            return StageOf(transformer, source, nameof(transformer)).ToCheckpoint(source);
        }
    }
#pragma warning restore RS0016

    /// <summary>The one stage of a Perceiver in a transformer.</summary>
    /// <param name="transformer">The stage, or a chain with it.</param>
    /// <param name="source">What it is, for the message.</param>
    /// <param name="parameter">The name of the argument.</param>
    /// <exception cref="ArgumentException">There is none, or there are several.</exception>
    internal static PerceiverTransformer StageOf(ITransformer transformer, string source, string parameter)
    {
        PerceiverTransformer[] stages = [.. StagesIn(transformer)];
        if (stages.Length == 1)
            return stages[0];
        string found = stages.Length == 0 ? "none" : string.Join(", ", stages.Select(s => s.GetType().Name));
        throw new ArgumentException(
            $"There must be one stage of a Perceiver in {source}; there is {found}."
            + (stages.Length > 1 ? " Give the transformer of one stage." : ""),
            parameter);
    }

    // A TransformerChain gives its transformers; chains may stand in chains.
    private static IEnumerable<PerceiverTransformer> StagesIn(ITransformer transformer) => transformer switch
    {
        PerceiverTransformer stage => [stage],
        IEnumerable chain => chain.OfType<ITransformer>().SelectMany(StagesIn),
        _ => [],
    };
}
