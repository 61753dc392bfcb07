namespace BatchScore.Outputs;

/// <summary>A field of the output files.</summary>
/// <param name="Name">Its name: the model's column, and for a vector with names also a point and the name.</param>
/// <param name="Kind">What it has.</param>
internal sealed record OutputField(string Name, OutputKind Kind);
