namespace AutoML;

/// <summary>
/// The plainest search: the defaults first, then random settings. It needs no package, and it is hard to beat where trials are few.
/// </summary>
/// <typeparam name="TOptions">The options, whose attributes say what is varied.</typeparam>
/// <param name="seed">Seed of the draws.</param>
internal sealed class RandomSearch<TOptions>(int seed)
    where TOptions : class, new()
{
    private readonly Random _random = new(seed);
    private bool _hasProposed;

    /// <summary>What is varied.</summary>
    public IReadOnlyList<Dimension> Dimensions { get; } = Dimension.Of(typeof(TOptions));

    /// <summary>One of <see cref="Dimensions"/>.</summary>
    /// <param name="name">The property's name.</param>
    public Dimension this[string name] => Dimensions.Single(d => d.Name == name);

    /// <summary>The options of the next trial.</summary>
    public TOptions Propose()
    {
        var options = new TOptions();
        foreach (var dimension in Dimensions)
        {
            if (_hasProposed)
                dimension.Set(options, dimension.Draw(_random));
            else
                dimension.Clamp(options);
        }

        _hasProposed = true;
        return options;
    }
}
