namespace Microsoft.ML.Perceiver;

/// <summary>In which order the products of a single-headed cross-attention are taken; all give the same numbers but for rounding.</summary>
internal enum SingleHeadOrder
{
    /// <summary>Queries, keys and values first, as several heads need them.</summary>
    Maps,

    /// <summary>The queries are brought to the inputs' channels: no key or value is ever made. For many inputs.</summary>
    Inputs,

    /// <summary>Keys and values are brought to the queries' and the output's channels: no query is ever made. For many queries.</summary>
    Queries,
}
