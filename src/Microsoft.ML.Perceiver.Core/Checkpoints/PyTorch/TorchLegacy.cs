using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// torch.save's format before PyTorch 1.6: pickles of a magic number, a version, the machine, the value and the storages' keys, then each
/// storage's length and bytes in the order of the keys.
/// </summary>
internal static class TorchLegacy
{
    private const long Version = 1001;

    private static readonly BigInteger Magic =
        BigInteger.Parse("1950A86A20F9469CFC6C", NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    internal static TorchArchive Read(Stream stream, string source)
    {
        var input = new PickleInput(stream, stream.Length, source);
        var storages = new TorchStorages();
        if (PickleMachine.Read(input, storages) is not BigInteger magic || magic != Magic)
            throw input.Damaged(0, "the number that torch.save begins with is missing");
        if (PickleMachine.Read(input, storages) is not Version)
            throw input.Damaged(input.Position, $"the version is not {Version}");
        if (PickleMachine.Read(input, storages) is not PickleDictionary machine || machine.Find("little_endian") is not true)
            throw input.Damaged(input.Position, "the numbers are not of the byte order 'little'");
        long place = input.Position;
        object? root = PickleMachine.Read(input, storages);
        if (PickleMachine.Read(input, storages) is not List<object?> keys)
            throw input.Damaged(input.Position, "the list of storages is missing");
        return new TorchArchive(root, place, Locate(input, stream, storages, keys));
    }

    private static Dictionary<string, long> Locate(PickleInput input, Stream stream, TorchStorages storages, List<object?> keys)
    {
        var starts = new Dictionary<string, long>(StringComparer.Ordinal);
        long at = input.Position;
        byte[] length = new byte[8];
        foreach (object? item in keys)
        {
            if (item is not string key || storages.Find(key) is not { } storage || !starts.TryAdd(key, at + length.Length))
                throw input.Damaged(at, "a storage follows that no tensor names, or that stands twice");
            stream.Position = at;
            if (stream.ReadAtLeast(length, length.Length, throwOnEndOfStream: false) < length.Length)
                throw input.Damaged(at, "the file ends where a storage must begin");
            long count = BinaryPrimitives.ReadInt64LittleEndian(length);
            at += length.Length;
            if (count != storage.Count || storage.Bytes > stream.Length - at)
            {
                throw input.Damaged(
                    at,
                    $"the storage '{PickleObjects.Short(key)}' of {storage.Count} elements has {count}, "
                    + $"and {stream.Length - at} bytes are left of the file");
            }

            at += storage.Bytes;
        }

        var absent = storages.All.FirstOrDefault(s => !starts.ContainsKey(s.Key));
        if (absent is null)
            return starts;
        throw input.Damaged(
            absent.Place, $"a tensor names the storage '{PickleObjects.Short(absent.Key)}', which the file does not have");
    }
}
