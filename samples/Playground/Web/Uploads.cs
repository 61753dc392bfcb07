using Microsoft.AspNetCore.Http.Features;
using Microsoft.ML.Perceiver;

namespace Playground;

/// <summary>Reads forms into memory; nothing of an upload touches the disk, and its file names are shown and never opened.</summary>
/// <param name="options">The settings.</param>
/// <param name="gate">
/// What the models share: a file of some kilobytes can be an image of hundreds of megabytes, so that one request at a time decodes.
/// </param>
internal sealed class Uploads(PlaygroundOptions options, SemaphoreSlim gate)
{
    private readonly FormOptions _form = new()
    {
        MemoryBufferThreshold = options.MaxUploadBytes,
        BufferBodyLengthLimit = options.MaxUploadBytes,
        MultipartBodyLengthLimit = options.MaxUploadBytes,
    };

    /// <summary>Reads a request's form.</summary>
    /// <exception cref="UserException">It has none, or a damaged one.</exception>
    public async Task<IFormCollection> ReadAsync(HttpContext context)
    {
        if (!context.Request.HasFormContentType)
            throw new UserException(StatusCodes.Status415UnsupportedMediaType, "A form with files is wanted (multipart/form-data).");
        try
        {
            return await context.Request.ReadFormAsync(_form, context.RequestAborted);
        }
        catch (Exception e) when (e is InvalidDataException or (IOException and not BadHttpRequestException))
        {
            throw new UserException($"The form is damaged: {e.Message}");
        }
    }

    /// <summary>Waits for the turn and reads images on a thread of its own; what is kept of them should be small.</summary>
    /// <exception cref="UserException">One is missing, damaged or too large.</exception>
    public async Task<T> DecodeAsync<T>(Func<T> read, CancellationToken cancellation)
    {
        await gate.WaitAsync(cancellation);
        try
        {
            return await Task.Run(read, CancellationToken.None);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>A file of the form as an image.</summary>
    /// <exception cref="UserException">There is none, or it is no image.</exception>
    public PerceiverImage Image(IFormCollection form, string field) =>
        form.Files.GetFile(field) is { } file ? Image(file) : throw new UserException($"There is no file in the field '{field}'.");

    /// <summary>A file as an image.</summary>
    /// <exception cref="UserException">It is no image, damaged, or too large.</exception>
    /// <exception cref="InvalidOperationException">Nobody has the turn: it is called outside <see cref="DecodeAsync"/>.</exception>
    public PerceiverImage Image(IFormFile file)
    {
        // A head that decodes without its turn is a fault of this program, which its first request shows.
        if (gate.CurrentCount > 0)
            throw new InvalidOperationException("An image is decoded by a request that has not waited for its turn.");
        return UploadedImage.Decode(Bytes(file), file.FileName, options.MaxMegapixels);
    }

    /// <summary>A file's bytes.</summary>
    public static byte[] Bytes(IFormFile file)
    {
        byte[] bytes = new byte[file.Length];
        using var stream = file.OpenReadStream();
        stream.ReadExactly(bytes);
        return bytes;
    }
}
