namespace Playground;

/// <summary>What the page knows of a head.</summary>
/// <param name="Name">Its name in addresses.</param>
/// <param name="Model">The model's name.</param>
/// <param name="Missing">Why it cannot be used, in words; null where it can.</param>
/// <param name="About">The model in words; null where there is none.</param>
/// <param name="Details">Numbers that the page needs; null where there are none.</param>
internal sealed record HeadState(string Name, string Model, string? Missing, string? About = null, object? Details = null)
{
    /// <summary>The address of the model's card; null where it has none.</summary>
    public string? Card { get; init; }

    /// <summary>When a result is unsure; null where nothing is known of that.</summary>
    public Doubt? Doubt { get; init; }

    /// <summary>Inputs that a click tries.</summary>
    public IReadOnlyList<Example> Examples { get; init; } = [];
}
