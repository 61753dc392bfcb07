using System.IO.Compression;
using System.Text;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// TorchScript modules without weights. Their code may name operators outside <c>aten</c>, which TorchSharp does not wrap and
/// <c>torch.jit.compile</c> cannot name; so they are loaded, from a file in memory.
/// </summary>
internal static class TorchScriptModule
{
    private const string Class = """
        class M(Module):
          __parameters__ = []
          __buffers__ = []
          training : bool

        """;

    /// <summary>Makes one.</summary>
    /// <param name="methods">The methods of the class <c>M</c>.</param>
    internal static jit.ScriptModule Of(string methods)
    {
        string body = string.Concat(methods.Split('\n').Select(line => $"  {line}\n"));
        return jit.load<Tensor>(Archive(Class + body), CPU);
    }

    private static byte[] Archive(string code)
    {
        // Pickles: an M with the state {"training": False}, and an empty tuple.
        byte[] state = [0x80, 2, .. "c__torch__\nM\n)"u8, 0x81, .. "}("u8, .. Text("training"), 0x89, .. "ub."u8];
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
