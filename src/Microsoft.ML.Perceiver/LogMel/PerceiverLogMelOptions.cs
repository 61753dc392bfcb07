using System.ComponentModel.DataAnnotations;

namespace Microsoft.ML.Perceiver;

/// <summary>Settings of <c>Transforms.PerceiverLogMel</c>.</summary>
public sealed class PerceiverLogMelOptions
{
    /// <summary>
    /// The column that the frames are written to, [frames, bands]: a vector of Single of variable size, frame by frame; of known size where
    /// the samples have one. The default is "Features".
    /// </summary>
    [Required]
    public string OutputColumnName { get; set; } = "Features";

    /// <summary>The column with the samples, a vector of Single. The default is "Samples".</summary>
    [Required]
    public string InputColumnName { get; set; } = "Samples";

    /// <summary>Samples a second of the column, from 1,000 to 384,000. The default is 16,000.</summary>
    [Range(1_000, 384_000)]
    public int SampleRate { get; set; } = 16_000;

    /// <summary>Samples of a frame, from 16 to 65,536. Null, the default, for those of 25 milliseconds.</summary>
    [Range(16, 65_536)]
    public int? WindowLength { get; set; }

    /// <summary>
    /// Samples from the beginning of a frame to that of the next, from 1 to 65,536. Null, the default, for those of 10 milliseconds.
    /// </summary>
    [Range(1, 65_536)]
    public int? HopLength { get; set; }

    /// <summary>Numbers of a frame, from 1 to 512. The default is 40.</summary>
    [Range(1, 512)]
    public int Bands { get; set; } = 40;

    /// <summary>Where the first band begins, in Hz. The default is 20.</summary>
    [Range(0.0, 192_000.0)]
    public double LowestFrequency { get; set; } = 20;

    /// <summary>
    /// Where the last band ends, in Hz: half of <see cref="SampleRate"/> at most. Null, the default, for half of it.
    /// </summary>
    [Range(1.0, 192_000.0)]
    public double? HighestFrequency { get; set; }

    /// <summary>
    /// What is added to a band's power before its natural logarithm is taken, so that silence is no minus infinity. The power is the sum of
    /// the squared amounts of a band's frequencies, each times its weight, with samples from -1 to 1; a sine of amplitude 1 in the middle
    /// of a wide band has 3 / 32 of the window's length times that of the transform, the next power of two from twice the window on. The
    /// default is 1e-6.
    /// </summary>
    [Range(1e-12, 1.0)]
    public double Floor { get; set; } = 1e-6;

    /// <summary>
    /// Whether the mean of each band over all frames of a recording is taken away from it, as cepstral mean subtraction does: how loud a
    /// recording is, and which frequencies its microphone and its line favour, are gone then. The default is false.
    /// </summary>
    public bool SubtractMean { get; set; }

    /// <summary>How frames are made.</summary>
    internal LogMelForm Form => new(
        SampleRate,
        WindowLength ?? Math.Max(16, SampleRate / 40),
        HopLength ?? SampleRate / 100,
        Bands,
        LowestFrequency,
        HighestFrequency ?? SampleRate / 2.0,
        Floor,
        SubtractMean);

    /// <summary>A checked copy, which does not change when its maker's options do.</summary>
    /// <exception cref="ArgumentException">A setting is out of range, or does not go with another.</exception>
    internal PerceiverLogMelOptions Checked()
    {
        var copy = (PerceiverLogMelOptions)MemberwiseClone();
        OptionChecks.Check(copy);
        var form = copy.Form;
        if (form.HighestFrequency > form.SampleRate / 2.0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(HighestFrequency),
                copy.HighestFrequency,
                $"{form.SampleRate} samples a second hold {form.SampleRate / 2.0} Hz at most.");
        }

        if (form.LowestFrequency >= form.HighestFrequency)
        {
            throw new ArgumentOutOfRangeException(
                nameof(LowestFrequency), copy.LowestFrequency, $"{nameof(LowestFrequency)} must be below {form.HighestFrequency} Hz.");
        }

        int empty = MelFilters.EmptyBand(form.CreateFilters(), form.Bands);
        return empty < 0
            ? copy
            : throw new ArgumentOutOfRangeException(
                nameof(Bands),
                copy.Bands,
                $"Band {empty} of {copy.Bands} is narrower than the frequencies of a window are apart; take fewer bands, or a longer "
                + $"{nameof(WindowLength)}.");
    }
}
