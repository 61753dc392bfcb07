using System.Buffers.Binary;
using System.Text;

namespace Microsoft.ML.Perceiver.Tests.Checkpoints;

/// <summary>Writes pickles, and files of torch.save's two formats around them, also such as torch.save never would.</summary>
internal sealed class PickleBuilder
{
    private readonly List<byte> _bytes = [];

    public PickleBuilder() => Raw(0x80, 2);

    public PickleBuilder Raw(params byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public PickleBuilder Op(string codes) => Raw(Encoding.ASCII.GetBytes(codes));

    public PickleBuilder Text(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text), length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        return Op("X").Raw(length).Raw(bytes);
    }

    public PickleBuilder Number(long value)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return Raw(0x8A, 8).Raw(bytes);
    }

    public PickleBuilder Global(string module, string name) => Op($"c{module}\n{name}\n");

    public PickleBuilder Tuple(params long[] values)
    {
        Op("(");
        foreach (long value in values)
            Number(value);
        return Op("t");
    }

    /// <summary>A tensor of floats on a storage.</summary>
    public PickleBuilder Tensor(string key, long count, long offset, long[] shape, long[] strides, bool legacy = false)
    {
        Global("torch._utils", "_rebuild_tensor_v2")
            .Op("((")
            .Text("storage")
            .Global("torch", "FloatStorage")
            .Text(key)
            .Text("cpu")
            .Number(count);
        return Op(legacy ? "NtQ" : "tQ")
            .Number(offset)
            .Tuple(shape)
            .Tuple(strides)
            .Raw(0x89)
            .Global("collections", "OrderedDict")
            .Op(")RtR");
    }

    public byte[] Stop()
    {
        Op(".");
        return [.. _bytes];
    }

    /// <summary>A zip file with this pickle and storages of these lengths.</summary>
    public byte[] Zip(params (string Key, int Bytes)[] storages) => Zip([("m/data.pkl", Stop()), .. storages.Select(s =>
        ($"m/data/{s.Key}", new byte[s.Bytes]))]);

    /// <summary>A zip file of stored entries.</summary>
    public static byte[] Zip((string Name, byte[] Bytes)[] entries, ushort method = 0, bool zip64 = false)
    {
        var file = new MemoryStream();
        var list = new MemoryStream();
        foreach (var (name, bytes) in entries)
        {
            byte[] utf8 = Encoding.UTF8.GetBytes(name);
            byte[] extra = zip64 ? [1, 0, 24, 0, .. Long(bytes.Length), .. Long(bytes.Length), .. Long(file.Length)] : [];
            byte[] sizes = zip64 ? [.. Int(-1), .. Int(-1)] : [.. Int(bytes.Length), .. Int(bytes.Length)];
            list.Write(
                [
                    .. Int(0x02014B50), 20, 0, 20, 0, 0, 0, .. Short(method), .. new byte[8], .. sizes, .. Short(utf8.Length),
                    .. Short(extra.Length), .. new byte[10], .. Int(zip64 ? -1 : (int)file.Length), .. utf8, .. extra,
                ]);
            file.Write(
                [
                    .. Int(0x04034B50), 20, 0, 0, 0, .. Short(method), .. new byte[8], .. sizes, .. Short(utf8.Length), 0, 0, .. utf8,
                    .. bytes,
                ]);
        }

        long start = file.Length;
        file.Write(list.ToArray());
        if (zip64)
        {
            long end = file.Length;
            file.Write(
                [
                    .. Int(0x06064B50), .. Long(44), 45, 0, 45, 0, .. new byte[8], .. Long(entries.Length), .. Long(entries.Length),
                    .. Long(list.Length), .. Long(start),
                ]);
            file.Write([.. Int(0x07064B50), .. Int(0), .. Long(end), .. Int(1)]);
        }

        file.Write(
            [
                .. Int(0x06054B50), .. new byte[4], .. Short(entries.Length), .. Short(entries.Length),
                .. Int(zip64 ? -1 : (int)list.Length), .. Int(zip64 ? -1 : (int)start), 0, 0,
            ]);
        return file.ToArray();
    }

    /// <summary>A file of the legacy format with this pickle and these storages of floats.</summary>
    public byte[] Legacy(string[] keys, byte[] storages)
    {
        byte[] magic = new PickleBuilder().Raw(0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19).Stop();
        byte[] machine = new PickleBuilder().Op("}(").Text("little_endian").Raw(0x88).Op("u").Stop();
        var list = new PickleBuilder().Op("](");
        foreach (string key in keys)
            list.Text(key);
        return [.. magic, .. new PickleBuilder().Number(1001).Stop(), .. machine, .. Stop(), .. list.Op("e").Stop(), .. storages];
    }

    public static byte[] Long(long value) => BitConverter.GetBytes(value);

    private static byte[] Int(int value) => BitConverter.GetBytes(value);

    private static byte[] Short(int value) => BitConverter.GetBytes((ushort)value);
}
