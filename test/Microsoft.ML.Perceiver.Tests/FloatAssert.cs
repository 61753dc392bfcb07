namespace Microsoft.ML.Perceiver.Tests;

/// <summary>Compares vectors of scores value by value.</summary>
internal static class FloatAssert
{
    /// <summary>Fails where the lengths differ, or two values at one place differ by more than the tolerance.</summary>
    internal static void AreClose(float[] expected, float[] actual, float tolerance)
    {
        Assert.HasCount(expected.Length, actual);
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], tolerance, $"value {i} of {expected.Length}");
    }
}
