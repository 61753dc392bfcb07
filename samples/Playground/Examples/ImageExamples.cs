namespace Playground;

/// <summary>Test photographs of clothing-64, one of each class, and one that the bundled model is unsure of.</summary>
internal static class ImageExamples
{
    public static IReadOnlyList<Example> All { get; } =
    [
        Of("dress"), Of("hat"), Of("longsleeve"), Of("outwear"), Of("pants"),
        Of("shirt"), Of("shoes"), Of("shorts"), Of("skirt"), Of("t-shirt"),
        new Example("boots, a hard one") { Images = ["examples/image/boots.jpg"], Truth = "shoes", Unsure = true },
    ];

    private static Example Of(string label) => new(label) { Images = [$"examples/image/{label}.jpg"], Truth = label };
}
