namespace QuestionAnswering;

/// <summary>A question, the text that answers it, and where.</summary>
/// <param name="Kind">What the question asks for.</param>
/// <param name="Row">The row of ML.NET.</param>
internal sealed record QuestionRow(QuestionKind Kind, MyModel.ModelInput Row);
