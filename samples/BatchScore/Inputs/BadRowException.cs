namespace BatchScore.Inputs;

/// <summary>A row cannot be scored; who catches it knows its file and number.</summary>
/// <param name="message">Why, as the end of a sentence that begins with the row.</param>
internal sealed class BadRowException(string message) : Exception(message);
