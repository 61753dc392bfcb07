namespace Playground;

/// <summary>Queries to a bank in words of their own, one of them with typing errors.</summary>
internal static class AlikeExamples
{
    public static IReadOnlyList<Example> All { get; } =
    [
        Of("my card has not come yet"),
        Of("Somebody took my phone, what now?"),
        Of("the machien kept half of teh money"),
        Of("Can my daughter have one of these too?"),
        Of("I was charged for something that I did not buy"),
    ];

    private static Example Of(string query) => new(query) { Text = query };
}
