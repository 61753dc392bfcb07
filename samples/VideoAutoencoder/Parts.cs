namespace VideoAutoencoder;

/// <summary>
/// The bundled film's parts: of its 46 windows of 16 frames every fifth is held out, the fifth first, and three more choose the best
/// weights. Training windows begin at any frame, but never reach into one of these.
/// </summary>
internal static class Parts
{
    private const int Every = 5, ValidationEvery = 20, FirstOfValidation = 2;

    // The first frames of the shots, counted from 0.
    private static readonly int[] Shots = [0, 54, 127, 165, 230, 322];

    /// <summary>The windows that the figures are of.</summary>
    public static VideoRow[] HeldOut(Film film) => Windows(film, IsHeldOut);

    /// <summary>The windows that choose the best weights.</summary>
    public static VideoRow[] Validation(Film film) => Windows(film, IsForValidation);

    /// <summary>Every window of other frames, and its mirror image.</summary>
    public static IEnumerable<VideoRow> Training(Film film)
    {
        foreach (int start in TrainingStarts(film))
        {
            var row = Labelled(film, start);
            yield return row;
            yield return new VideoRow { Start = start, Frames = Mirrored(row.Frames, film.Side), Audio = row.Audio, Shot = row.Shot };
        }
    }

    /// <summary>The frames that training sees.</summary>
    public static IEnumerable<byte[]> TrainingFrames(Film film) => film.Frames.Where((_, frame) => IsForTraining(frame));

    private static IEnumerable<int> TrainingStarts(Film film) =>
        Enumerable.Range(0, film.Frames.Count - Recipe.Window + 1)
            .Where(start => IsForTraining(start) && IsForTraining(start + Recipe.Window - 1));

    private static bool IsHeldOut(int window) => window % Every == Every - 1;

    private static bool IsForValidation(int window) => window % ValidationEvery == FirstOfValidation;

    private static bool IsForTraining(int frame) => !IsHeldOut(frame / Recipe.Window) && !IsForValidation(frame / Recipe.Window);

    private static VideoRow[] Windows(Film film, Func<int, bool> wanted) =>
        [.. Enumerable.Range(0, film.Frames.Count / Recipe.Window).Where(wanted).Select(w => Labelled(film, w * Recipe.Window))];

    private static VideoRow Labelled(Film film, int start)
    {
        var row = film.Row(start, Recipe.Window);
        // Of the shot that its middle is of.
        row.Shot = $"shot {Shots.Count(first => first <= start + Recipe.Window / 2)}";
        return row;
    }

    private static byte[] Mirrored(byte[] frames, int side)
    {
        byte[] mirrored = [.. frames];
        for (int row = 0; row < mirrored.Length; row += side)
            Array.Reverse(mirrored, row, side);
        return mirrored;
    }
}
