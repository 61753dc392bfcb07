namespace Microsoft.ML.Perceiver;

/// <summary>The order of the products of a cross-attention with one head; all give the same numbers except for rounding.</summary>
internal enum SingleHeadOrder
{
    /// <summary>Queries, keys and values first, as several heads need them.</summary>
    Maps,

    /// <summary>The queries are mapped to the inputs' channels: no key or value is computed. For many inputs.</summary>
    Inputs,

    /// <summary>Keys and values are mapped to the queries' and the output's channels: no query is computed. For many queries.</summary>
    Queries,
}
