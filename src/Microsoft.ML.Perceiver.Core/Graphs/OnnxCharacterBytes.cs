namespace Microsoft.ML.Perceiver;

/// <summary>
/// The UTF-8 bytes of single characters in a graph. ONNX has no operator that reads the bytes of a string, and a table of all characters
/// would have 1.1 million entries. ONNX Runtime's MurmurHash3 mixes up to four bytes into 32 bits without losing any of them, so that
/// undoing its steps gives the bytes of a character: the last block of up to three bytes is multiplied by c1, rotated, multiplied by c2,
/// and the seed and the number of bytes are added bit by bit; a block of four bytes is rotated and multiplied by five once more.
/// </summary>
internal static class OnnxCharacterBytes
{
    /// <summary>The most bytes that a character has.</summary>
    internal const int Most = 4;

    // The constants of MurmurHash3 for 32 bits.
    private const uint First = 0xCC9E2D51, Second = 0x1B873593, Added = 0xE6546B64, Five = 5;
    private const uint LastFirst = 0x85EBCA6B, LastSecond = 0xC2B2AE35;
    private const long Mask32 = uint.MaxValue;

    // Which bits of a character of one, two and three bytes are the same for all of them, and what they are; the first byte is the lowest.
    private static readonly long[] FixedBits = [0xFFFFFF80, 0xFFFFC0E0, 0xFFC0C0F0];
    private static readonly long[] FixedValues = [0, 0x80C0, 0x8080E0];

    /// <summary>The bytes of characters.</summary>
    /// <param name="builder">The graph.</param>
    /// <param name="characters">Strings [batch, characters] of one character each.</param>
    /// <returns>
    /// Integers [batch, characters, 4], -1 after the last byte of a character. Of longer strings, and of empty ones, they mean nothing.
    /// </returns>
    internal static OnnxValue Of(OnnxBuilder builder, OnnxValue characters)
    {
        var word = Words(builder, characters);
        var first = builder.BitsOfBoth(word, builder.Integer(0xFF));
        // The first byte says how many there are.
        var isThere = builder.IsAtLeast(builder.Unsqueeze(first, 2), builder.Integers(0, 0xC0, 0xE0, 0xF0));
        var shifted = builder.Divide(builder.Unsqueeze(word, 2), builder.Integers(1, 1L << 8, 1L << 16, 1L << 24));
        return builder.Choose(isThere, builder.BitsOfBoth(shifted, builder.Integer(0xFF)), builder.Integer(-1));
    }

    /// <summary>The bytes of each character as one number, the first byte lowest, [batch, characters].</summary>
    private static OnnxValue Words(OnnxBuilder builder, OnnxValue characters)
    {
        var zero = Unfinished(builder, builder.Hash(characters, seed: 0));
        var one = Unfinished(builder, builder.Hash(characters, seed: 1));
        var four = OfFourBytes(builder, zero, seed: 0);
        // Only where there are four bytes do the hashes of two seeds give the same four.
        var isFour = builder.AreEqual(four, OfFourBytes(builder, one, seed: 1));

        // For one, two and three bytes: of these three numbers one has the form of UTF-8.
        var fewer = Unmixed(builder, builder.DifferingBits(builder.Unsqueeze(zero, 2), builder.Integers(1, 2, 3)));
        var form = builder.BitsOfBoth(fewer, builder.Integers(FixedBits));
        var isForm = builder.AreEqual(form, builder.Integers(FixedValues));
        var word = builder.SumOf(builder.Choose(isForm, fewer, builder.Integer(0)), 2, keep: false);
        return builder.Choose(isFour, four, word);
    }

    private static OnnxValue OfFourBytes(OnnxBuilder builder, OnnxValue hash, long seed)
    {
        var x = builder.DifferingBits(hash, builder.Integer(Most));
        x = Product(builder, builder.Minus(x, builder.Integer(Added)), Inverse(Five));
        return Unmixed(builder, builder.DifferingBits(RotatedRight(builder, x, 13), builder.Integer(seed)));
    }

    /// <summary>A hash before its last steps, which mix its bits.</summary>
    private static OnnxValue Unfinished(OnnxBuilder builder, OnnxValue hash)
    {
        var x = builder.DifferingBits(hash, ShiftedRight(builder, hash, 16));
        x = Product(builder, x, Inverse(LastSecond));
        var twice = builder.DifferingBits(ShiftedRight(builder, x, 13), ShiftedRight(builder, x, 26));
        x = Product(builder, builder.DifferingBits(x, twice), Inverse(LastFirst));
        return builder.DifferingBits(x, ShiftedRight(builder, x, 16));
    }

    /// <summary>A block of bytes before it was multiplied, rotated and multiplied.</summary>
    private static OnnxValue Unmixed(OnnxBuilder builder, OnnxValue block) =>
        Product(builder, RotatedRight(builder, Product(builder, block, Inverse(Second)), 15), Inverse(First));

    /// <summary>The lowest 32 bits of a product, which has no more than 63 bits where the factor has a sign.</summary>
    private static OnnxValue Product(OnnxBuilder builder, OnnxValue x, uint factor) =>
        builder.BitsOfBoth(builder.Multiply(x, builder.Integer((int)factor)), builder.Integer(Mask32));

    private static OnnxValue ShiftedRight(OnnxBuilder builder, OnnxValue x, int bits) => builder.Divide(x, builder.Integer(1L << bits));

    private static OnnxValue RotatedRight(OnnxBuilder builder, OnnxValue x, int bits)
    {
        var low = builder.BitsOfBoth(x, builder.Integer((1L << bits) - 1));
        return builder.Plus(ShiftedRight(builder, x, bits), builder.Multiply(low, builder.Integer(1L << (32 - bits))));
    }

    /// <summary>What an odd number is multiplied by to give 1 in 32 bits; each step doubles the bits that are right.</summary>
    private static uint Inverse(uint odd)
    {
        uint inverse = odd;
        for (int step = 0; step < 5; step++)
            inverse = unchecked(inverse * (2 - odd * inverse));
        return inverse;
    }
}
