using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// The checkpoints of a run: folders with weights (in Hugging Face's format), optimizer and state. The last two are kept, with the best
/// weights at each; a damaged one is skipped for the one before.
/// </summary>
/// <param name="path">The folder.</param>
/// <param name="bestCopy">The file with a second copy of the best weights, for users.</param>
/// <param name="log">Gets a warning of each damage.</param>
internal sealed class RunCheckpoints(string path, string bestCopy, ILogger log)
{
    private const int Kept = 2;
    private const string StateName = "state.json";
    private const string HashName = "state.json.sha256";
    private const string OptimizerName = "optimizer.safetensors";
    private const string AverageName = "average.safetensors";

    // The file of the best weights that this process wrote or verified.
    private (string Name, string Hash) _best;

    /// <summary>Whether there is a checkpoint, valid or damaged.</summary>
    internal bool Any => Newest().Any();

    /// <summary>Writes a checkpoint and removes those that are too old.</summary>
    internal void Save(TrainingState state, Dictionary<string, long> logs, nn.Module model, TrainingTensors tensors)
    {
        Directory.CreateDirectory(path);
        string name = state.Step.ToString("D8", CultureInfo.InvariantCulture);
        string unfinished = Path.Combine(path, name + ".tmp");
        string final = Path.Combine(path, name);
        Delete(unfinished);
        Directory.CreateDirectory(unfinished);
        var files = new Dictionary<string, string>();
        Write(CheckpointFiles.SafeTensors, tensors.Weights.Full());
        using (NewDisposeScope())
            Write(OptimizerName, tensors.Optimizer.State());
        if (tensors.Average.Tensors.Count > 0)
            Write(AverageName, tensors.Average.Tensors);
        if (model is PerceiverPreTrainedModel known)
            AtomicFile.WriteText(Path.Combine(unfinished, CheckpointFiles.Config), known.SavedConfig().ToJson());
        if (BestName(state) is { } bestName)
        {
            string file = Path.Combine(path, bestName);
            if (_best.Name != bestName || !File.Exists(file))
            {
                SafeTensorsWriter.WriteFile(file, tensors.Best.Tensors);
                _best = (bestName, HashOf(file));
            }

            files[bestName] = _best.Hash;
        }

        string stateFile = Path.Combine(unfinished, StateName);
        AtomicFile.WriteText(stateFile, JsonSerializer.Serialize(new CheckpointRecord(state, files, logs), RunJson.Indented));
        AtomicFile.WriteText(Path.Combine(unfinished, HashName), HashOf(stateFile));
        // A checkpoint of the same step, from an evaluation or an earlier process, has the same weights.
        Delete(final);
        Directory.Move(unfinished, final);
        Prune();

        void Write(string file, IReadOnlyDictionary<string, Tensor> contents)
        {
            string target = Path.Combine(unfinished, file);
            SafeTensorsWriter.WriteFile(target, contents);
            files[$"{name}/{file}"] = HashOf(target);
        }
    }

    /// <summary>Loads the latest checkpoint that is not damaged; null where there is none.</summary>
    internal CheckpointRecord? Resume(TrainingTensors tensors)
    {
        CheckpointRecord? found = null;
        foreach (string folder in Newest().ToArray())
        {
            try
            {
                var record = Check(folder);
                Load(folder, record, tensors);
                found = record;
                break;
            }
            catch (Exception e) when (e is FormatException or IOException or JsonException)
            {
                string kept = folder + ".damaged";
                TrainingLog.CheckpointDamaged(log, folder, e.Message, kept);
                Delete(kept);
                Directory.Move(folder, kept);
            }
        }

        if (found is not null)
            Prune();
        return found;
    }

    private CheckpointRecord Check(string folder)
    {
        string stateFile = Path.Combine(folder, StateName);
        if (HashOf(stateFile) != File.ReadAllText(Path.Combine(folder, HashName)))
            throw new FormatException($"{StateName} is not as it was written.");
        var record = JsonSerializer.Deserialize<CheckpointRecord>(File.ReadAllText(stateFile), RunJson.Indented)!;
        string? best = BestName(record.State);
        foreach (var (file, hash) in record.Files)
        {
            if (file == best)
                RepairBest(file, hash);
            if (HashOf(Path.Combine(path, file)) != hash)
                throw new FormatException($"{file} is not as it was written.");
        }

        if (best is not null)
            _best = (best, record.Files[best]);
        return record;
    }

    // All checkpoints may need the same best weights; where the file is lost, the second copy replaces it.
    private void RepairBest(string best, string hash)
    {
        string file = Path.Combine(path, best);
        if ((File.Exists(file) && HashOf(file) == hash) || !File.Exists(bestCopy) || HashOf(bestCopy) != hash)
            return;
        TrainingLog.BestWeightsDamaged(log, file, bestCopy);
        File.Copy(bestCopy, file, overwrite: true);
    }

    private void Load(string folder, CheckpointRecord record, TrainingTensors tensors)
    {
        using (var file = SafeTensorsFile.Open(Path.Combine(folder, CheckpointFiles.SafeTensors)))
            tensors.Weights.Load(file);
        using (var file = SafeTensorsFile.Open(Path.Combine(folder, OptimizerName)))
            tensors.Optimizer.Load(file);
        if (File.Exists(Path.Combine(folder, AverageName)))
            Load(tensors.Average, Path.Combine(folder, AverageName));
        if (BestName(record.State) is { } name)
            Load(tensors.Best, Path.Combine(path, name));
    }

    private static void Load(WeightSnapshot snapshot, string path)
    {
        using var scope = NewDisposeScope();
        using var file = SafeTensorsFile.Open(path);
        snapshot.CopyFrom(file.Tensors.ToDictionary(t => t.Name, t => file.Get(t.Name)));
    }

    private static string? BestName(TrainingState state) =>
        state.BestStep > 0 ? string.Create(CultureInfo.InvariantCulture, $"best-{state.BestStep:D8}.safetensors") : null;

    // The checkpoints' folders, the newest first.
    private IEnumerable<string> Newest() => !Directory.Exists(path)
        ? []
        : Directory.GetDirectories(path).Where(d => Path.GetFileName(d).All(char.IsAsciiDigit)).OrderDescending(StringComparer.Ordinal);

    private void Prune()
    {
        var kept = Newest().Take(Kept).ToArray();
        foreach (string old in Newest().Skip(Kept).ToArray())
            Delete(old);
        foreach (string unfinished in Directory.GetDirectories(path, "*.tmp"))
            Delete(unfinished);
        var states = kept.Select(StateOf).ToArray();
        foreach (string best in Directory.GetFiles(path, "best-*"))
        {
            if (!states.Any(s => s.Contains(Path.GetFileName(best), StringComparison.Ordinal)))
                File.Delete(best);
        }
    }

    // A checkpoint whose state cannot be read is never resumed, and needs no best weights.
    private static string StateOf(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, StateName));
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static string HashOf(string file)
    {
        using var stream = File.OpenRead(file);
        return Convert.ToHexString(SHA256.HashData(stream));
    }

    private static void Delete(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }
}
