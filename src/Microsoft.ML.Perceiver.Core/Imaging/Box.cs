namespace Microsoft.ML.Perceiver;

/// <summary>A rectangle by its edges, in pixels or in shares of an image.</summary>
internal readonly record struct Box(float Left, float Top, float Right, float Bottom)
{
    internal float Width => Right - Left;

    internal float Height => Bottom - Top;

    internal float Area => Width > 0 && Height > 0 ? Width * Height : 0;

    /// <summary>A box by centre x, centre y, width and height.</summary>
    internal static Box OfCentre(ReadOnlySpan<float> numbers)
    {
        float halfWidth = numbers[2] / 2, halfHeight = numbers[3] / 2;
        return new Box(numbers[0] - halfWidth, numbers[1] - halfHeight, numbers[0] + halfWidth, numbers[1] + halfHeight);
    }

    /// <summary>Centre x, centre y, width and height.</summary>
    internal float[] ToCentre() => [(Left + Right) / 2, (Top + Bottom) / 2, Width, Height];

    /// <summary>The part within the unit square; null where that is less than a share of the box.</summary>
    internal Box? SeenPart(double leastShare)
    {
        var seen = Within(1, 1);
        return seen.Area > 0 && seen.Area >= leastShare * Area ? seen : null;
    }

    /// <summary>The part within a width and a height.</summary>
    internal Box Within(float width, float height) => new(
        Math.Clamp(Left, 0, width), Math.Clamp(Top, 0, height), Math.Clamp(Right, 0, width), Math.Clamp(Bottom, 0, height));

    /// <summary>What both have of what either has, from 0 to 1.</summary>
    internal double Overlap(Box other)
    {
        double shared = SharedWith(other);
        double all = (double)Area + other.Area - shared;
        return all > 0 ? shared / all : 0;
    }

    /// <summary>
    /// The generalised overlap (H. Rezatofighi et al. 2019), from -1 to 1: the overlap less the share that neither has of the smallest box
    /// around both.
    /// </summary>
    internal double GeneralisedOverlap(Box other)
    {
        double shared = SharedWith(other);
        double all = (double)Area + other.Area - shared;
        double width = Math.Max(Right, other.Right) - Math.Min(Left, other.Left);
        double height = Math.Max(Bottom, other.Bottom) - Math.Min(Top, other.Top);
        double hull = width * height;
        return (all > 0 ? shared / all : 0) - (hull > 0 ? (hull - all) / hull : 0);
    }

    private double SharedWith(Box other)
    {
        double width = Math.Min(Right, other.Right) - Math.Max(Left, other.Left);
        double height = Math.Min(Bottom, other.Bottom) - Math.Max(Top, other.Top);
        return width > 0 && height > 0 ? width * height : 0;
    }
}
