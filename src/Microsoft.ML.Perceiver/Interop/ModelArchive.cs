using System.IO.Compression;
using System.Runtime.CompilerServices;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// The zip file behind a model that ML.NET loads. <c>ModelLoadContext</c> unpacks an entry into a file or an array before it gives it, of
/// whatever size, and hides its checksum.
/// </summary>
internal static class ModelArchive
{
    /// <summary>An entry of the model file; null where there is none of the name.</summary>
    /// <param name="context">What is loaded.</param>
    /// <param name="name">The entry's name in the folder of the stage.</param>
    internal static ZipArchiveEntry? Find(ModelLoadContext context, string name)
    {
        string path = Normalized(Path.Combine(context.Directory ?? "", name));
        return EntriesOf(context.Repository).Values.FirstOrDefault(e => Normalized(e.FullName) == path);
    }

    /// <summary>The folder of the model file; null where it is loaded from another stream than a file's.</summary>
    internal static string? FolderOf(ModelLoadContext context)
    {
        try
        {
            var stream = StreamOf(ArchiveOf(context.Repository)) as FileStream;
            return stream is null ? null : Path.GetDirectoryName(Path.GetFullPath(stream.Name));
        }
        catch (MissingFieldException)
        {
            // A later .NET names it otherwise: weights are then looked for at their recorded path alone.
            return null;
        }
    }

    // Of the separators, ML.NET writes now one and now the other.
    private static string Normalized(string path) => path.Replace('\\', '/');

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_entries")]
    private static extern ref Dictionary<string, ZipArchiveEntry> EntriesOf(RepositoryReader repository);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_archive")]
    private static extern ref ZipArchive ArchiveOf(RepositoryReader repository);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_archiveStream")]
    private static extern ref Stream StreamOf(ZipArchive archive);
}
