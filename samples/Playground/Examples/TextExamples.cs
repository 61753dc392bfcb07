namespace Playground;

/// <summary>Text messages: of samples/TextClassification's examples and of the test rows of its SMS Spam Collection.</summary>
internal static class TextExamples
{
    public static IReadOnlyList<Example> All { get; } =
    [
        Of("a prize", "WINNER!! You have been selected for a 1000 pound prize, call 09061701461 now to claim", "spam"),
        Of(
            "a competition",
            "Free entry in 2 a weekly comp for a chance to win an ipod. Txt POD to 80182 to get entry (std txt rate) T&C's apply "
                + "08452810073 for details 18+",
            "spam"),
        Of("lunch", "Are we still meeting for lunch tomorrow?", "ham"),
        Of("on the bus", "I'm on the bus. Love you", "ham"),
        Of("a hard one", "500 free text msgs. Just text ok to 80488 and we'll credit your account", "spam") with { Unsure = true },
    ];

    private static Example Of(string name, string text, string label) => new(name) { Text = text, Truth = label };
}
