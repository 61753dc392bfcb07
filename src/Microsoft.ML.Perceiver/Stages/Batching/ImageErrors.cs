namespace Microsoft.ML.Perceiver;

/// <summary>What is said of images that cannot be read.</summary>
internal static class ImageErrors
{
    /// <summary>Whether a source's exception says that this row's image cannot be read, and not that the source is broken.</summary>
    internal static bool IsUnreadable(Exception e) => e is ArgumentException or FormatException or IOException or InvalidOperationException
        or UnauthorizedAccessException or NotSupportedException or NullReferenceException;

    /// <summary>The row's error.</summary>
    /// <param name="column">The column.</param>
    /// <param name="e">The source's exception.</param>
    internal static RowException Unreadable(string column, Exception e) =>
        new(0, $"the image in the column '{column}' cannot be read: {RowException.MessageOf(e)}{Remedy(e)}", e);

    // ML.NET's LoadImages says of a file that is no image "Invalid input stream contents", and not its name.
    private static string Remedy(Exception e) => e is ArgumentException { ParamName: "imagePath" or "imageStream" }
        ? " ML.NET's LoadImages does not name the file; LoadPerceiverImages does."
        : "";
}
