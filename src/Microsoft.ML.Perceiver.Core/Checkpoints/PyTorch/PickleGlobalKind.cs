namespace Microsoft.ML.Perceiver;

/// <summary>What a Python name in a pickle stands for.</summary>
internal enum PickleGlobalKind
{
    /// <summary>An empty dictionary.</summary>
    Dictionary,

    /// <summary>A view of a storage.</summary>
    Tensor,

    /// <summary>The tensor it is given.</summary>
    Parameter,

    /// <summary>The tuple it is given.</summary>
    Size,

    /// <summary>The bytes of a text, which is how the second protocol writes them.</summary>
    Bytes,

    /// <summary>The element type of a storage; it is named, never called.</summary>
    Storage,

    /// <summary>An element type as a value; nothing here asks for it.</summary>
    ElementType,
}
