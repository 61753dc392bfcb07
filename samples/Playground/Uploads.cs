using Microsoft.AspNetCore.Http.Features;

namespace Playground;

/// <summary>Reads forms into memory; nothing of an upload touches the disk, and its file names are shown and never opened.</summary>
/// <param name="options">The settings.</param>
internal sealed class Uploads(PlaygroundOptions options)
{
    private readonly FormOptions _form = new()
    {
        MemoryBufferThreshold = options.MaxUploadBytes,
        BufferBodyLengthLimit = options.MaxUploadBytes,
        MultipartBodyLengthLimit = options.MaxUploadBytes,
    };

    /// <summary>Reads a request's form.</summary>
    /// <exception cref="UserException">It has none.</exception>
    public Task<IFormCollection> ReadAsync(HttpContext context) =>
        context.Request.HasFormContentType
            ? context.Request.ReadFormAsync(_form, context.RequestAborted)
            : throw new UserException(StatusCodes.Status415UnsupportedMediaType, "A form with files is wanted (multipart/form-data).");

    /// <summary>A file of the form as an image.</summary>
    /// <exception cref="UserException">There is none, or it is no image.</exception>
    public BgraImage Image(IFormCollection form, string field) =>
        form.Files.GetFile(field) is { } file ? Image(file) : throw new UserException($"There is no file in the field '{field}'.");

    /// <summary>A file as an image.</summary>
    /// <exception cref="UserException">It is no image, damaged, or too large.</exception>
    public BgraImage Image(IFormFile file) => BgraImage.Decode(Bytes(file), file.FileName, options.MaxMegapixels);

    /// <summary>A file's bytes.</summary>
    public static byte[] Bytes(IFormFile file)
    {
        byte[] bytes = new byte[file.Length];
        using var stream = file.OpenReadStream();
        stream.ReadExactly(bytes);
        return bytes;
    }
}
