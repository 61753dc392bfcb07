namespace Microsoft.ML.Perceiver;

/// <summary>torch.save's format since PyTorch 1.6: a zip file with a pickle, data.pkl, and an entry for each storage.</summary>
internal static class TorchZip
{
    private const string Pickle = "/data.pkl";

    internal static TorchArchive Read(Stream stream, string source)
    {
        var directory = new ZipDirectory(stream, source);
        string[] pickles = directory.Names.Where(n => n.EndsWith(Pickle, StringComparison.Ordinal)).Take(2).ToArray();
        if (pickles.Length != 1)
        {
            string found = pickles.Length == 0 ? "none is" : "several are";
            throw new FormatException(
                $"'{source}' is no file of torch.save: "
                + $"of the {directory.Names.Count()} entries in its list at the end, {found} '*{Pickle}'.");
        }

        string folder = pickles[0][..^Pickle.Length];
        CheckByteOrder(stream, directory, folder, source);
        var (start, length) = directory.Find(pickles[0]);
        stream.Position = start;
        var storages = new TorchStorages();
        var input = new PickleInput(stream, start + length, source);
        object? root = PickleMachine.Read(input, storages);
        var starts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var storage in storages.All)
        {
            var (place, bytes) = directory.Find($"{folder}/data/{storage.Key}");
            if (bytes < storage.Bytes)
                throw input.Damaged(place, $"the storage '{PickleObjects.Short(storage.Key)}' has {bytes} bytes of {storage.Bytes}");
            starts[storage.Key] = place;
        }

        return new TorchArchive(root, start, starts);
    }

    private static void CheckByteOrder(Stream stream, ZipDirectory directory, string folder, string source)
    {
        string name = $"{folder}/byteorder";
        if (!directory.Names.Contains(name))
            return;
        var (start, length) = directory.Find(name);
        stream.Position = start;
        string order = new PickleInput(stream, start + length, source).Text((ulong)Math.Min(length, 16));
        if (order != "little")
            throw new FormatException($"'{source}' has numbers of the byte order '{order}' (byte {start}); only 'little' is read.");
    }
}
