using System.IO.Compression;
using System.Text;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// A TorchScript module as a file in memory. Its code may name operators outside <c>aten</c>, which TorchSharp does not wrap and
/// <c>torch.jit.compile</c> cannot name.
/// </summary>
internal static class TorchScriptArchive
{
    /// <summary>Makes one.</summary>
    /// <param name="code">The class <c>M</c>: its attributes and methods.</param>
    /// <param name="list">The attribute beside <c>training</c>, a list, which is empty at first.</param>
    internal static byte[] Of(string code, string list)
    {
        // Pickles: an M with the state {"training": False, list: []}, and an empty tuple.
        byte[] state = [0x80, 2, .. "c__torch__\nM\n)"u8, 0x81, .. "}("u8, .. Text("training"), 0x89, .. Text(list), .. "]ub."u8];
        byte[] constants = [0x80, 2, .. ")."u8];
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            Write(archive, "data.pkl", state);
            Write(archive, "code/__torch__.py", Encoding.ASCII.GetBytes(code));
            Write(archive, "constants.pkl", constants);
            Write(archive, "version", "3\n"u8.ToArray());
        }

        return stream.ToArray();
    }

    private static byte[] Text(string text) => [(byte)'X', .. BitConverter.GetBytes(text.Length), .. Encoding.ASCII.GetBytes(text)];

    private static void Write(ZipArchive archive, string name, byte[] bytes)
    {
        using var entry = archive.CreateEntry("module/" + name, CompressionLevel.NoCompression).Open();
        entry.Write(bytes);
    }
}
