namespace Microsoft.ML.Perceiver;

/// <summary>What the type of a label column says of the problem.</summary>
internal enum LabelKind
{
    /// <summary>A key: one of several classes.</summary>
    Class,

    /// <summary>A Boolean: one of two classes.</summary>
    Truth,

    /// <summary>A Single: a regression.</summary>
    Number,

    /// <summary>A vector of Single or Boolean of known size: several labels, each of which applies or not.</summary>
    Several,
}
