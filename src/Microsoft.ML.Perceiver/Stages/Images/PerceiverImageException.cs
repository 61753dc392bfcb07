namespace Microsoft.ML.Perceiver;

/// <summary>A file's bytes cannot be decoded as an image.</summary>
public sealed class PerceiverImageException : FormatException
{
    internal PerceiverImageException(PerceiverImageFault fault, string message, int height = 0, int width = 0)
        : base(message)
    {
        Fault = fault;
        Height = height;
        Width = width;
    }

    /// <summary>What is wrong with it.</summary>
    public PerceiverImageFault Fault { get; }

    /// <summary>The height that the file states, in pixels; 0 where it is no image.</summary>
    public int Height { get; }

    /// <summary>The width that the file states, in pixels; 0 where it is no image.</summary>
    public int Width { get; }
}

/// <summary>What is wrong with the bytes of a file that should be an image.</summary>
public enum PerceiverImageFault
{
    /// <summary>They are no image of a kind that can be decoded (PNG, JPEG, WebP, GIF, BMP), or there are none.</summary>
    NoImage,

    /// <summary>The image's end is missing.</summary>
    EndMissing,

    /// <summary>The image is damaged otherwise.</summary>
    Damaged,

    /// <summary>The image has more pixels than are allowed; no memory was taken for them.</summary>
    TooManyPixels,
}
