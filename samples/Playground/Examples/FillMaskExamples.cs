namespace Playground;

/// <summary>Texts whose masks the bundled language model fills rightly.</summary>
internal static class FillMaskExamples
{
    public static IReadOnlyList<Example> All { get; } =
    [
        Of("It was a dark and st_rmy ni__t.", "It was a dark and stormy night."),
        Of("I want to tr__sfer money to my acc____.", "I want to transfer money to my account."),
        Of("Can you tell me why my card was dec_____?", "Can you tell me why my card was declined?"),
        Of("There is no d__bt that he is right.", "There is no doubt that he is right."),
        Of("They went into the ho_se togeth__.", "They went into the house together."),
    ];

    private static Example Of(string masked, string filled) => new(masked) { Text = masked, Truth = filled };
}
