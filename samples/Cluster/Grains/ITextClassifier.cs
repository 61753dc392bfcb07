namespace Cluster.Grains;

/// <summary>Classifies texts on whichever silo the call comes to.</summary>
[Alias("perceiver.text-classifier")]
internal interface ITextClassifier : IGrainWithIntegerKey
{
    /// <summary>Classifies texts, all of them with one version of the model.</summary>
    /// <param name="texts">One to <see cref="TextClassifierGrain.MostTexts"/> texts, none of them empty.</param>
    /// <param name="cancellation">Ends the wait; texts that still wait are dropped.</param>
    /// <returns>The labels of each text, or that the silo is busy.</returns>
    [Alias("classify"), AnyOrder]
    Task<Reply> ClassifyAsync(string[] texts, CancellationToken cancellation);
}
