using System.ComponentModel.DataAnnotations;

namespace Microsoft.ML.Perceiver;

/// <summary>Settings of a loader of films' frames: where they are, which of them are taken, and the size that they get.</summary>
public sealed class PerceiverFrameLoadingOptions
{
    // As many numbers as a tensor's span of bytes holds.
    private const long MostValues = int.MaxValue / sizeof(float);

    /// <summary>
    /// The column for the film: a vector of Single of the dimensions frames x height x width x 3, of numbers from 0 to 255 in the order
    /// red, green, blue; without the last dimension where <see cref="Grayscale"/> is set. The default is "Features".
    /// </summary>
    [Required]
    public string OutputColumnName { get; set; } = "Features";

    /// <summary>
    /// The column with the film: a text, the folder of its frames, whose names tell their order ("2.png" is before "10.png"); or a vector
    /// of texts, the frames' files in their order. The default is "Film".
    /// </summary>
    [Required]
    public string InputColumnName { get; set; } = "Film";

    /// <summary>The folder that the column's paths start from; null, the default, for the process's own.</summary>
    [MinLength(1)]
    public string? ImageFolder { get; set; }

    /// <summary>How many frames are taken; a film of fewer is an error that names its row. The default is 16.</summary>
    [Range(1, 4096)]
    public int Frames { get; set; } = 16;

    /// <summary>
    /// Null, the default, takes frames of the whole film: the first, the last, and others at even distances between them. A number takes
    /// the first frames, 1 for each frame, 2 for every second one; the rest of the film is not read.
    /// </summary>
    [Range(1, 1_048_576)]
    public int? Stride { get; set; }

    /// <summary>The height that each frame is resized to, in pixels. The default is 64.</summary>
    [Range(1, 4096)]
    public int Height { get; set; } = 64;

    /// <summary>
    /// The width that each frame is resized to, in pixels. A frame of other proportions is stretched, not cropped. The default is 64.
    /// </summary>
    [Range(1, 4096)]
    public int Width { get; set; } = 64;

    /// <summary>
    /// Whether a pixel is one number, its brightness (0.299 red + 0.587 green + 0.114 blue), and not three. The default is false.
    /// </summary>
    public bool Grayscale { get; set; }

    /// <summary>The filter of the resize. The default is <see cref="PerceiverResampling.Bicubic"/>, as of images.</summary>
    public PerceiverResampling Resampling { get; set; } = PerceiverResampling.Bicubic;

    /// <summary>Numbers of a frame as it is written.</summary>
    internal int FrameValues => Height * Width * (Grayscale ? 1 : 3);

    /// <summary>How many frames a film needs.</summary>
    internal long NeededFrames => (Frames - 1L) * (Stride ?? 1) + 1;

    /// <summary>Checks the settings.</summary>
    /// <exception cref="ArgumentException">One is out of its range, or the film would have too many numbers or frames.</exception>
    internal void Check()
    {
        OptionChecks.Check(this);
        long values = (long)Frames * FrameValues;
        if (values > MostValues)
        {
            throw new ArgumentException(
                $"{Frames} frames of {Height} x {Width} pixels are {values} numbers; {MostValues} are allowed.", nameof(Frames));
        }

        if (NeededFrames > int.MaxValue)
            throw new ArgumentException($"{Frames} frames at a distance of {Stride} need a film of {NeededFrames}.", nameof(Stride));
    }

    /// <summary>The same settings, which later changes of these do not reach.</summary>
    internal PerceiverFrameLoadingOptions Copy() => (PerceiverFrameLoadingOptions)MemberwiseClone();
}
