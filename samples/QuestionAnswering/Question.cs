namespace QuestionAnswering;

/// <summary>A question about a sentence.</summary>
/// <param name="Kind">What it asks for.</param>
/// <param name="Words">Its words, with the question mark.</param>
/// <param name="First">The index of the answer's first word in the sentence.</param>
/// <param name="Count">How many words the answer has.</param>
internal sealed record Question(QuestionKind Kind, IReadOnlyList<string> Words, int First, int Count);
