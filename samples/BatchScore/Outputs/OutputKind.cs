namespace BatchScore.Outputs;

/// <summary>What an output field has.</summary>
internal enum OutputKind
{
    /// <summary>Texts.</summary>
    Text,

    /// <summary>Booleans.</summary>
    Boolean,

    /// <summary>Integers of 64 bits.</summary>
    Integer,

    /// <summary>Numbers of 32 bits.</summary>
    Single,

    /// <summary>Numbers of 64 bits.</summary>
    Double,

    /// <summary>Lists of numbers of 32 bits.</summary>
    Singles,
}
