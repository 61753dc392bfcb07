using System.Buffers.Binary;
using System.IO.Compression;

namespace Microsoft.ML.Perceiver.Tests.Imaging.Flow;

/// <summary>Flow in files: what is written is read back, and a damaged file says where.</summary>
[TestClass]
public sealed class FlowFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void A_flo_file_is_read_as_it_was_written()
    {
        var flow = Random(5, 7);
        flow[2, 3] = (float.NaN, 0);
        flow[0, 0] = (1.7e9f, 1.7e9f);
        FloFile.Write(PathOf("a.flo"), flow);
        var read = FloFile.Read(PathOf("a.flo"));
        Assert.AreEqual((5, 7), (read.Height, read.Width));
        CollectionAssert.AreEqual(flow.Values, read.Values);
        Assert.IsFalse(read.IsKnown(2, 3));
        Assert.IsFalse(read.IsKnown(0, 0));
        Assert.IsTrue(read.IsKnown(4, 6));
    }

    [TestMethod]
    public void The_bytes_of_a_flo_file_are_Middleburys()
    {
        FloFile.Write(PathOf("a.flo"), new PerceiverFlowField(1, 2, [1f, -2f, 0.5f, 3f]));
        byte[] bytes = File.ReadAllBytes(PathOf("a.flo"));
        Assert.AreEqual("PIEH", System.Text.Encoding.ASCII.GetString(bytes, 0, 4));
        Assert.AreEqual((2, 1), (BitConverter.ToInt32(bytes, 4), BitConverter.ToInt32(bytes, 8)));
        CollectionAssert.AreEqual(
            new[] { 1f, -2f, 0.5f, 3f }, Enumerable.Range(0, 4).Select(i => BitConverter.ToSingle(bytes, 12 + 4 * i)).ToArray());
    }

    [TestMethod]
    [DataRow(0, "header")]
    [DataRow(11, "header")]
    [DataRow(12, "bytes")]
    [DataRow(51, "bytes")]
    [DataRow(53, "bytes")]
    public void A_flo_file_of_another_length_is_refused(int length, string said)
    {
        FloFile.Write(PathOf("a.flo"), Random(1, 5));
        byte[] bytes = File.ReadAllBytes(PathOf("a.flo"));
        Array.Resize(ref bytes, length);
        File.WriteAllBytes(PathOf("a.flo"), bytes);
        StringAssert.Contains(Assert.ThrowsExactly<FormatException>(() => FloFile.Read(PathOf("a.flo"))).Message, said);
    }

    [TestMethod]
    [DataRow(0, 0x12345678, "PIEH")]
    [DataRow(4, 0, "positive")]
    [DataRow(4, -5, "positive")]
    [DataRow(8, int.MaxValue, "bytes")]
    public void A_flo_file_with_a_wrong_header_is_refused(int at, int value, string said)
    {
        FloFile.Write(PathOf("a.flo"), Random(1, 5));
        byte[] bytes = File.ReadAllBytes(PathOf("a.flo"));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), value);
        File.WriteAllBytes(PathOf("a.flo"), bytes);
        StringAssert.Contains(Assert.ThrowsExactly<FormatException>(() => FloFile.Read(PathOf("a.flo"))).Message, said);
    }

    [TestMethod]
    public void A_KITTI_file_is_read_as_it_was_written()
    {
        var flow = Random(9, 6, steps: 64);
        flow[3, 1] = (float.NaN, float.NaN);
        flow[4, 2] = (-512, 511.984375f);
        KittiFlowFile.Write(PathOf("a.png"), flow);
        var read = KittiFlowFile.Read(PathOf("a.png"));
        Assert.AreEqual((9, 6), (read.Height, read.Width));
        Assert.IsFalse(read.IsKnown(3, 1));
        read[3, 1] = flow[3, 1];
        CollectionAssert.AreEqual(flow.Values, read.Values);
    }

    [TestMethod]
    public void A_motion_that_KITTI_cannot_say_is_refused()
    {
        var flow = new PerceiverFlowField(2, 3);
        flow[1, 2] = (600, 0);
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => KittiFlowFile.Write(PathOf("a.png"), flow)).Message, "row 1, column 2");
        Assert.IsFalse(File.Exists(PathOf("a.png")));
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(4)]
    public void Every_filter_of_PNG_is_undone(int filter)
    {
        var random = new Random(filter);
        ushort[] samples = [.. Enumerable.Range(0, 4 * 5 * 3).Select(_ => (ushort)random.Next(65536))];
        File.WriteAllBytes(PathOf("a.png"), Png(4, 5, samples, (byte)filter));
        var read = KittiFlowFile.Read(PathOf("a.png"));
        for (int i = 0; i < 20; i++)
        {
            bool known = samples[3 * i + 2] != 0;
            Assert.AreEqual(known ? (samples[3 * i] - 32768) / 64f : float.NaN, read.Values[2 * i]);
            Assert.AreEqual(known ? (samples[3 * i + 1] - 32768) / 64f : float.NaN, read.Values[2 * i + 1]);
        }
    }

    [TestMethod]
    public void A_damaged_PNG_says_so()
    {
        byte[] good = Png(4, 5, new ushort[60], 0);
        Refused(good[..^3], "before its last chunk");
        Refused(good[..40], "ends");
        Refused([.. good[..20], 7, .. good[21..]], "checksum");
        Refused([1, 2, 3], "no PNG");
        // Five rows promised, four there.
        Refused(Png(5, 5, new ushort[60], 0), "row 4");
        Refused(Png(4, 5, new ushort[60], 9), "filter 9");
        Refused(Png(40000, 5, new ushort[60], 0), "claims");
    }

    [TestMethod]
    public void A_file_of_too_many_pixels_is_refused()
    {
        Refused(Png(18_000, 18_000, new ushort[60], 0), "18000 x 18000 pixels; the limit is 67108864");
        Refused(Png(67_108_865, 1, new ushort[60], 0), "the limit is");
        // A file of the right length that takes no room on the disk.
        using (var file = File.Create(PathOf("huge.flo")))
        {
            file.Write([.. "PIEH"u8, .. BitConverter.GetBytes(18_000), .. BitConverter.GetBytes(18_000)]);
            file.SetLength(12 + 18_000L * 18_000 * 8);
        }

        var error = Assert.ThrowsExactly<FormatException>(() => FloFile.Read(PathOf("huge.flo")));
        StringAssert.Contains(error.Message, "the limit is 67108864");
    }

    [TestMethod]
    public void A_PNG_of_8_bits_is_no_flow() => Refused(Png(4, 5, new ushort[60], 0, depth: 8), "8 bits");

    private void Refused(byte[] bytes, string said)
    {
        File.WriteAllBytes(PathOf("bad.png"), bytes);
        StringAssert.Contains(Assert.ThrowsExactly<FormatException>(() => KittiFlowFile.Read(PathOf("bad.png"))).Message, said);
    }

    private string PathOf(string name) => Path.Combine(_folder.Path, name);

    private static PerceiverFlowField Random(int height, int width, int steps = 1000)
    {
        var random = new Random(height * width);
        return new PerceiverFlowField(
            height, width, [.. Enumerable.Range(0, height * width * 2).Select(_ => random.Next(-5 * steps, 5 * steps) / (float)steps)]);
    }

    // A writer of its own, plain and slow, so that the reader is not tested by its own writer's mistakes.
    private static byte[] Png(int height, int width, ushort[] samples, byte filter, byte depth = 16)
    {
        byte[] raw = [.. samples.SelectMany(s => new[] { (byte)(s >> 8), (byte)s })];
        int row = width * 6;
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (int y = 0; (y + 1) * row <= raw.Length; y++)
            {
                zlib.WriteByte(filter);
                for (int i = 0; i < row; i++)
                {
                    int At(int up, int back) => y < up || i < back ? 0 : raw[(y - up) * row + i - back];
                    int a = At(0, 6), b = At(1, 0), c = At(1, 6), p = a + b - c;
                    int toA = Math.Abs(p - a), toB = Math.Abs(p - b), toC = Math.Abs(p - c);
                    int paeth = toA <= toB && toA <= toC ? a : toB <= toC ? b : c;
                    zlib.WriteByte((byte)(raw[y * row + i] - filter switch { 1 => a, 2 => b, 3 => (a + b) / 2, 4 => paeth, _ => 0 }));
                }
            }
        }

        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (depth, 2);
        return
        [
            0x89, .. "PNG\r\n\x1a\n"u8,
            .. Chunk("IHDR", header), .. Chunk("tEXt", [65, 0, 66]), .. Chunk("IDAT", packed.ToArray()), .. Chunk("IEND", []),
        ];
    }

    private static byte[] Chunk(string type, byte[] data)
    {
        byte[] named = [.. System.Text.Encoding.ASCII.GetBytes(type), .. data], length = new byte[4], crc = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, data.Length);
        uint value = uint.MaxValue;
        foreach (byte b in named)
        {
            value ^= b;
            for (int i = 0; i < 8; i++)
                value = (value >> 1) ^ (0xEDB88320 & (uint)-(int)(value & 1));
        }

        BinaryPrimitives.WriteUInt32BigEndian(crc, ~value);
        return [.. length, .. named, .. crc];
    }
}
