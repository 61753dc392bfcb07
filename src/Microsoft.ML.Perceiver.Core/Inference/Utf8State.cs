namespace Microsoft.ML.Perceiver;

/// <summary>
/// The states of a UTF-8 decoder: which byte may come next, and the state after it (Unicode standard, table 3-7). Only complete and
/// well-formed sequences lead back to <see cref="Start"/>.
/// </summary>
internal static class Utf8State
{
    /// <summary>Between two characters.</summary>
    internal const int Start = 0;

    /// <summary>No character begins with these bytes.</summary>
    internal const int Invalid = -1;

    internal const int Count = 8;

    private const int OneMore = 1;
    private const int TwoMore = 2;
    private const int ThreeMore = 3;
    private const int AfterE0 = 4;
    private const int AfterEd = 5;
    private const int AfterF0 = 6;
    private const int AfterF4 = 7;

    private static readonly int[] Missing = [0, 1, 2, 3, 2, 2, 3, 3];

    /// <summary>How many more bytes the character needs at least.</summary>
    internal static int BytesMissing(int state) => Missing[state];

    /// <summary>The state after a byte, or <see cref="Invalid"/>.</summary>
    internal static int Next(int state, byte value) => state switch
    {
        Start => value switch
        {
            < 0x80 => Start,
            >= 0xC2 and <= 0xDF => OneMore,
            0xE0 => AfterE0,
            0xED => AfterEd,
            >= 0xE1 and <= 0xEF => TwoMore,
            0xF0 => AfterF0,
            >= 0xF1 and <= 0xF3 => ThreeMore,
            0xF4 => AfterF4,
            _ => Invalid,
        },
        OneMore => In(value, 0x80, 0xBF, Start),
        TwoMore => In(value, 0x80, 0xBF, OneMore),
        ThreeMore => In(value, 0x80, 0xBF, TwoMore),
        AfterE0 => In(value, 0xA0, 0xBF, OneMore),
        AfterEd => In(value, 0x80, 0x9F, OneMore),
        AfterF0 => In(value, 0x90, 0xBF, TwoMore),
        AfterF4 => In(value, 0x80, 0x8F, TwoMore),
        _ => Invalid,
    };

    private static int In(byte value, byte low, byte high, int next) => value >= low && value <= high ? next : Invalid;
}
