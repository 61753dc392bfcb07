namespace QuestionAnswering;

/// <summary>What a question asks for.</summary>
internal enum QuestionKind
{
    /// <summary>Who did it: a name.</summary>
    Who,

    /// <summary>Whose it is: a name.</summary>
    Whose,

    /// <summary>Who or what did it: a noun with its article.</summary>
    What,

    /// <summary>A number.</summary>
    HowMany,

    /// <summary>A year, or a date.</summary>
    When,

    /// <summary>The name of a place.</summary>
    Where,
}
