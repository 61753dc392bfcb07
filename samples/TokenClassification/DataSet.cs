using Microsoft.ML;

namespace TokenClassification;

/// <summary>Sentences to learn from and others to test with.</summary>
/// <param name="Train">The training sentences.</param>
/// <param name="Test">The held-out sentences.</param>
internal sealed record DataSet(IReadOnlyList<TaggedSentence> Train, IReadOnlyList<TaggedSentence> Test)
{
    private const int HeldOutEvery = 10;

    /// <summary>
    /// Holds out every tenth file, the last of each ten. Sentences of one text are alike, so that a text is in one part as a whole.
    /// </summary>
    /// <param name="files">The files in the order of their names.</param>
    public static DataSet HoldOut(IReadOnlyList<BrownFile> files)
    {
        var parts = files.Index().ToLookup(f => f.Index % HeldOutEvery == HeldOutEvery - 1, f => f.Item.Sentences);
        return new DataSet(parts[false].SelectMany(s => s).ToArray(), parts[true].SelectMany(s => s).ToArray());
    }

    /// <summary>Sentences as rows of ML.NET.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="sentences">The sentences.</param>
    public static IDataView Rows(MLContext mlContext, IEnumerable<TaggedSentence> sentences) =>
        mlContext.Data.LoadFromEnumerable(
            sentences.Select(s => new MyModel.ModelInput { Words = s.Words, Labels = s.Tags }).ToArray());
}
