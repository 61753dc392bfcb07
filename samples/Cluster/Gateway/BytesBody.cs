namespace Cluster.Gateway;

/// <summary>A body as bytes; the server has the bound of its size.</summary>
internal static class BytesBody
{
    /// <summary>Reads a body to its end.</summary>
    /// <param name="body">The body.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task<byte[]> ReadAsync(Stream body, CancellationToken cancellation)
    {
        using var bytes = new MemoryStream();
        await body.CopyToAsync(bytes, cancellation);
        return bytes.ToArray();
    }
}
