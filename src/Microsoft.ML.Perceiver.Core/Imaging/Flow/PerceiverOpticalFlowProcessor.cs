using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Converts frames to the input of <see cref="PerceiverForOpticalFlow"/>, as the original authors do.</summary>
public static class PerceiverOpticalFlowProcessor
{
    private const int Side = 3;

    /// <summary>Joins the colours of the 3 x 3 pixels around each pixel; outside the frame they are zero.</summary>
    /// <param name="frames">Colours from -1 to 1, floats [batch, 2, 3, height, width].</param>
    /// <returns>[batch, 2, 27, height, width]; the channels are ordered by row of the patch, column and colour.</returns>
    /// <exception cref="ArgumentException">The frames have another shape or type.</exception>
    public static Tensor Patches(Tensor frames)
    {
        ArgumentNullException.ThrowIfNull(frames);
        if (frames.dim() != 5 || frames.shape[2] != 3 || !frames.is_floating_point())
        {
            throw new ArgumentException(
                $"The frames are {frames.dtype} [{string.Join(", ", frames.shape)}]; they need to be floats [batch, 2, 3, height, width].",
                nameof(frames));
        }

        long height = frames.shape[3], width = frames.shape[4];
        using var scope = NewDisposeScope();
        var padded = nn.functional.pad(frames, [1, 1, 1, 1]);
        var shifted = new List<Tensor>(Side * Side);
        for (int y = 0; y < Side; y++)
        {
            for (int x = 0; x < Side; x++)
                shifted.Add(padded.narrow(3, y, height).narrow(4, x, width));
        }

        return cat(shifted, 2).MoveToOuterDisposeScope();
    }
}
