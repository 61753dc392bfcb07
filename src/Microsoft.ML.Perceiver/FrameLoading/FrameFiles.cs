namespace Microsoft.ML.Perceiver;

/// <summary>The files of a film's frames: those of a folder in their order, and which of them are taken.</summary>
internal static class FrameFiles
{
    private static readonly HashSet<string> s_extensions =
        new(StringComparer.OrdinalIgnoreCase) { ".png", ".jpg", ".jpeg", ".jfif", ".webp", ".gif", ".bmp" };

    /// <summary>What a folder's files need to be called to be frames.</summary>
    internal static string Extensions => string.Join(", ", s_extensions);

    /// <summary>The images of a folder, not of the folders in it, in the order of the numbers in their names.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    internal static string[] Of(string folder)
    {
        string[] files = [.. Directory.EnumerateFiles(folder).Where(file => s_extensions.Contains(Path.GetExtension(file)))];
        Array.Sort(files, NumberedNames.Order);
        return files;
    }

    /// <summary>The places of the frames that are taken.</summary>
    /// <param name="count">The frames of the film, as many as are needed at least.</param>
    /// <param name="options">The settings.</param>
    internal static int[] Chosen(int count, PerceiverFrameLoadingOptions options)
    {
        int frames = options.Frames;
        if (options.Stride is { } stride)
            return [.. Enumerable.Range(0, frames).Select(i => i * stride)];
        // One frame is that of the middle.
        if (frames == 1)
            return [(count - 1) / 2];
        return [.. Enumerable.Range(0, frames).Select(i => (int)((2L * i * (count - 1) + frames - 1) / (2 * (frames - 1))))];
    }

    /// <summary>Names in the order of the numbers in them: "2.png" before "10.png".</summary>
    private sealed class NumberedNames : IComparer<string>
    {
        internal static NumberedNames Order { get; } = new();

        public int Compare(string? x, string? y)
        {
            string first = x ?? "", second = y ?? "";
            int i = 0, j = 0;
            while (i < first.Length && j < second.Length)
            {
                int difference = char.IsAsciiDigit(first[i]) && char.IsAsciiDigit(second[j])
                    ? CompareNumbers(Number(first, ref i), Number(second, ref j))
                    : first[i++] - second[j++];
                if (difference != 0)
                    return difference;
            }

            int rest = first.Length - i - (second.Length - j);
            return rest != 0 ? rest : string.CompareOrdinal(first, second);
        }

        // Without leading zeros, so that the longer number is the larger one.
        private static ReadOnlySpan<char> Number(string name, ref int place)
        {
            int start = place;
            while (place < name.Length && char.IsAsciiDigit(name[place]))
                place++;
            return name.AsSpan(start, place - start).TrimStart('0');
        }

        private static int CompareNumbers(ReadOnlySpan<char> x, ReadOnlySpan<char> y) =>
            x.Length != y.Length ? x.Length - y.Length : x.SequenceCompareTo(y);
    }
}
