using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// The weights of a checkpoint in any format: safetensors or those of torch.save, one file or several with an index. Their values are read,
/// or mapped, on demand.
/// </summary>
public sealed class PerceiverCheckpointWeights : ITensorFile
{
    private readonly Dictionary<string, ITensorFile> _files;

    private PerceiverCheckpointWeights(
        string source, IReadOnlyList<string> paths, IReadOnlyList<(PerceiverTensorInfo Info, ITensorFile File)> tensors)
    {
        Source = source;
        Files = paths;
        Tensors = [.. tensors.Select(t => t.Info)];
        _files = tensors.ToDictionary(t => t.Info.Name, t => t.File, StringComparer.Ordinal);
    }

    /// <summary>The file, or the index of several.</summary>
    public string Source { get; }

    /// <summary>The files that have the weights.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>Names, types and shapes of the tensors, file by file in the order of their bytes.</summary>
    public IReadOnlyList<PerceiverTensorInfo> Tensors { get; }

    bool ITensorSource.IsMapped => _files.Values.All(f => f.IsMapped);

    /// <summary>Opens weights and checks the descriptions of all tensors in their files.</summary>
    /// <param name="path">
    /// A .safetensors file, a file of torch.save, an index.json of either, or a folder with <c>model.safetensors</c> or
    /// <c>pytorch_model.bin</c>; of several the first in this order is used, a whole file before shards.
    /// </param>
    /// <param name="map">As for <see cref="SafeTensorsFile.Open"/>.</param>
    /// <returns>The open weights; the caller disposes them.</returns>
    /// <exception cref="FileNotFoundException">There is no such file, or the folder has none.</exception>
    /// <exception cref="FormatException">A file is damaged; the message gives its name and the byte.</exception>
    public static PerceiverCheckpointWeights Open(string path, bool map = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string file = Directory.Exists(path) ? CheckpointFiles.FindWeights(path) : path;
        return file.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? OpenShards(file, map) : OpenOne(file, map);
    }

    /// <summary>The tensor of a name, on the CPU. The caller disposes it.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The tensor, with the type and shape that the file gives.</returns>
    /// <exception cref="KeyNotFoundException">There is no such tensor.</exception>
    public Tensor Get(string name) =>
        _files.TryGetValue(name, out var file) ? file.Get(name) : throw new KeyNotFoundException($"'{Source}' has no tensor '{name}'.");

    /// <summary>Writes the weights as one safetensors file, tensor by tensor. The file is replaced as a whole.</summary>
    /// <param name="path">The file.</param>
    /// <param name="precision">The number format of floating-point tensors; null keeps that of each tensor.</param>
    /// <exception cref="ArgumentOutOfRangeException">Weights are not saved in this precision.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public void SaveAs(string path, PerceiverPrecision? precision = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        precision?.RequireFileFormat();
        PendingTensor[] tensors = [.. Tensors.Select(t => PendingTensor.Of(t, () => Get(t.Name), precision?.ToScalarType()))];
        AtomicFile.Write(path, stream => SafeTensorsWriter.Write(stream, tensors));
    }

    /// <summary>Closes the files; tensors that were taken from them stay valid.</summary>
    public void Dispose()
    {
        foreach (var file in _files.Values.Distinct())
            file.Dispose();
    }

    void ITensorSource.ReleasePages(PerceiverTensorInfo info) => _files[info.Name].ReleasePages(info);

    IEnumerable<(PerceiverTensorInfo Info, Tensor Value)> ITensorSource.ReadAll() => Tensors.Select(t => (t, Get(t.Name)));

    private static PerceiverCheckpointWeights OpenOne(string path, bool map)
    {
        var file = OpenFile(path, map);
        return new PerceiverCheckpointWeights(path, [path], [.. file.Tensors.Select(t => (t, file))]);
    }

    private static PerceiverCheckpointWeights OpenShards(string path, bool map)
    {
        var index = ShardIndex.Read(path);
        var tensors = new List<(PerceiverTensorInfo, ITensorFile)>();
        var files = new List<ITensorFile>();
        try
        {
            foreach (var (shard, names) in index.Shards)
            {
                var file = OpenFile(shard, map);
                files.Add(file);
                var missing = names.Except(file.Tensors.Select(t => t.Name)).Order(StringComparer.Ordinal).ToArray();
                if (missing.Length > 0)
                {
                    string first = string.Join(", ", missing.Take(5)) + (missing.Length > 5 ? ", ..." : "");
                    throw new FormatException($"'{path}' says that '{shard}' has {first}; it has not.");
                }

                tensors.AddRange(file.Tensors.Where(t => names.Contains(t.Name)).Select(t => (t, file)));
            }
        }
        catch
        {
            files.ForEach(f => f.Dispose());
            throw;
        }

        return new PerceiverCheckpointWeights(path, [.. index.Shards.Select(s => s.Path)], tensors);
    }

    private static ITensorFile OpenFile(string path, bool map) => path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase)
        ? SafeTensorsFile.Open(path, map)
        : PyTorchFile.Open(path, map);
}
