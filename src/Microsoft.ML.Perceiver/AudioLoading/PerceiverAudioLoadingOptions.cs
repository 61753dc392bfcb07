using System.ComponentModel.DataAnnotations;

namespace Microsoft.ML.Perceiver;

/// <summary>Settings of <c>Transforms.LoadPerceiverAudio</c>.</summary>
public sealed class PerceiverAudioLoadingOptions
{
    /// <summary>The column that the samples are written to. The default is "Samples".</summary>
    [Required]
    public string OutputColumnName { get; set; } = "Samples";

    /// <summary>
    /// The column that is read: text, the paths of WAV files, or vectors of Byte, their content. The default is "Path".
    /// </summary>
    [Required]
    public string InputColumnName { get; set; } = "Path";

    /// <summary>The folder that paths start from; null, the default, for the process's own.</summary>
    public string? AudioFolder { get; set; }

    /// <summary>Samples a second, from 1,000 to 384,000; files of other rates are resampled. The default is 16,000.</summary>
    [Range(1_000, 384_000)]
    public int SampleRate { get; set; } = 16_000;

    /// <summary>How many seconds of a file are read; the rest is left out. Null, the default, reads files to their end.</summary>
    [Range(0.001, 86_400.0)]
    public double? MaxSeconds { get; set; }

    /// <summary>
    /// Whether shorter files are followed by silence up to <see cref="MaxSeconds"/>, so that all vectors have one known size. The default
    /// is false: vectors of variable size, each as long as its file.
    /// </summary>
    public bool PadToMaxSeconds { get; set; }

    /// <summary>The samples of <see cref="MaxSeconds"/>; null for any number.</summary>
    internal int? MaxSamples => MaxSeconds is { } seconds ? (int)Math.Max(1, Math.Round(seconds * SampleRate)) : null;

    /// <summary>A checked copy, which does not change when its maker's options do.</summary>
    /// <exception cref="ArgumentException">A setting is out of range, or does not go with another.</exception>
    internal PerceiverAudioLoadingOptions Checked()
    {
        var copy = (PerceiverAudioLoadingOptions)MemberwiseClone();
        OptionChecks.Check(copy);
        if (copy is { PadToMaxSeconds: true, MaxSeconds: null })
            throw new ArgumentException($"{nameof(PadToMaxSeconds)} needs {nameof(MaxSeconds)}.", nameof(PadToMaxSeconds));
        return (double?)copy.SampleRate * copy.MaxSeconds <= Array.MaxLength || copy.MaxSeconds is null
            ? copy
            : throw new ArgumentOutOfRangeException(
                nameof(MaxSeconds), copy.MaxSeconds, $"{nameof(MaxSeconds)} are more samples than fit into a vector.");
    }
}
