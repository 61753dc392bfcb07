namespace Microsoft.ML.Perceiver.Tests.Audio;

/// <summary>The filters of log-mel frames.</summary>
[TestClass]
public sealed class MelFiltersTests
{
    private const int Rate = 8000, Length = 512, Bands = 20, Bins = Length / 2 + 1;

    private static readonly float[] s_filters = MelFilters.Create(Rate, Length, Bands, 100, 4000);

    [TestMethod]
    public void Between_the_middles_of_the_outer_bands_the_weights_of_a_frequency_add_up_to_one()
    {
        double first = Middle(0), last = Middle(Bands - 1);
        int inside = 0;
        for (int bin = 0; bin < Bins; bin++)
        {
            double frequency = (double)bin * Rate / Length;
            double sum = Enumerable.Range(0, Bands).Sum(band => (double)s_filters[bin * Bands + band]);
            if (frequency >= first && frequency <= last)
            {
                Assert.AreEqual(1, sum, 1e-6, $"{frequency} Hz");
                inside++;
            }

            if (frequency is <= 100 or >= 4000)
                Assert.AreEqual(0, sum, $"{frequency} Hz");
        }

        Assert.IsGreaterThan(200, inside);
    }

    [TestMethod]
    public void The_largest_weight_of_a_band_is_next_to_its_middle()
    {
        for (int band = 0; band < Bands; band++)
        {
            int largest = Enumerable.Range(0, Bins).MaxBy(bin => s_filters[bin * Bands + band]);
            Assert.AreEqual(Middle(band), (double)largest * Rate / Length, (double)Rate / Length, $"band {band}");
        }
    }

    [TestMethod]
    public void A_band_between_two_frequencies_is_empty()
    {
        Assert.AreEqual(-1, MelFilters.EmptyBand(s_filters, Bands));
        Assert.AreEqual(0, MelFilters.EmptyBand(MelFilters.Create(16000, 64, 40, 20, 8000), 40));
        Assert.AreEqual(1, MelFilters.EmptyBand([1, 0, 0.5f, 0], 2));
    }

    // 2595 log10(1 + 1000 / 700) is 1000 mel within a tenth.
    [TestMethod]
    public void A_thousand_hertz_are_a_thousand_mel()
    {
        // One band from 0 to twice as many mel as 1000 Hz has: 700 ((1 + 10 / 7) squared - 1) = 3428.57 Hz.
        float[] one = MelFilters.Create(Rate, 8000, 1, 0, 700 * (Math.Pow(17.0 / 7, 2) - 1));
        Assert.AreEqual(1, one[1000], 1e-6);
        Assert.IsLessThan(1, one[999]);
        Assert.IsLessThan(1, one[1001]);
    }

    private static double Middle(int band)
    {
        double from = 1127 * Math.Log(1 + 100 / 700.0), to = 1127 * Math.Log(1 + 4000 / 700.0);
        return 700 * (Math.Exp((from + (band + 1) * (to - from) / (Bands + 1)) / 1127) - 1);
    }
}
