using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// The checkpoints of a run, a folder each with weights (as Hugging Face saves them), optimizer and state. Two are kept, and the weights that
/// were the best at each; one that is damaged is passed over for the one before.
/// </summary>
/// <param name="path">The folder.</param>
/// <param name="bestCopy">Where the best weights lie once more, for people to use.</param>
/// <param name="warn">Told of damage.</param>
internal sealed class RunCheckpoints(string path, string bestCopy, Action<string> warn)
{
    private const int Kept = 2;
    private const string StateName = "state.json", HashName = "state.json.sha256", OptimizerName = "optimizer.safetensors", AverageName = "average.safetensors";

    // The file of the best weights that this process wrote, or found to be whole.
    private (string Name, string Hash) _best;

    /// <summary>Whether there is a checkpoint, whole or damaged.</summary>
    internal bool Any => Newest().Any();

    /// <summary>Writes a checkpoint and removes those that are too old.</summary>
    internal void Save(
        TrainingState state, Dictionary<string, long> logs, nn.Module model, TrainedWeights weights, TrainingOptimizer optimizer, WeightSnapshot average, WeightSnapshot best)
    {
        Directory.CreateDirectory(path);
        string name = state.Step.ToString("D8", CultureInfo.InvariantCulture);
        string unfinished = Path.Combine(path, name + ".tmp"), final = Path.Combine(path, name);
        Delete(unfinished);
        Directory.CreateDirectory(unfinished);
        var files = new Dictionary<string, string>();
        Write(CheckpointFiles.SafeTensors, weights.Full());
        using (NewDisposeScope())
            Write(OptimizerName, optimizer.State());
        if (average.Tensors.Count > 0)
            Write(AverageName, average.Tensors);
        if (model is PerceiverPreTrainedModel known)
            AtomicFile.WriteText(Path.Combine(unfinished, "config.json"), known.SavedConfig().ToJson());
        if (BestName(state) is { } bestName)
        {
            string file = Path.Combine(path, bestName);
            if (_best.Name != bestName || !File.Exists(file))
            {
                SafeTensorsWriter.WriteFile(file, best.Tensors);
                _best = (bestName, HashOf(file));
            }

            files[bestName] = _best.Hash;
        }

        string stateFile = Path.Combine(unfinished, StateName);
        AtomicFile.WriteText(stateFile, JsonSerializer.Serialize(new CheckpointRecord(state, files, logs), RunJson.Indented));
        AtomicFile.WriteText(Path.Combine(unfinished, HashName), HashOf(stateFile));
        // A checkpoint of the same step, from an evaluation or an earlier process, stands for the same weights.
        Delete(final);
        Directory.Move(unfinished, final);
        Prune();

        void Write(string file, IReadOnlyDictionary<string, Tensor> tensors)
        {
            string target = Path.Combine(unfinished, file);
            SafeTensorsWriter.WriteFile(target, tensors);
            files[$"{name}/{file}"] = HashOf(target);
        }
    }

    /// <summary>Takes up the latest checkpoint that is whole.</summary>
    internal CheckpointRecord? Resume(TrainedWeights weights, TrainingOptimizer optimizer, WeightSnapshot average, WeightSnapshot best)
    {
        CheckpointRecord? found = null;
        foreach (string folder in Newest().ToArray())
        {
            try
            {
                var record = Check(folder);
                Load(folder, record, weights, optimizer, average, best);
                found = record;
                break;
            }
            catch (Exception e) when (e is FormatException or IOException or JsonException)
            {
                string aside = folder + ".damaged";
                warn($"The checkpoint '{folder}' is damaged ({e.Message}) and passed over; it is kept as '{aside}'.");
                Delete(aside);
                Directory.Move(folder, aside);
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
                Mend(file, hash);
            if (HashOf(Path.Combine(path, file)) != hash)
                throw new FormatException($"{file} is not as it was written.");
        }

        if (best is not null)
            _best = (best, record.Files[best]);
        return record;
    }

    // Every checkpoint may need the same best weights, so that their loss would be the loss of all; but they lie in the folder twice.
    private void Mend(string best, string hash)
    {
        string file = Path.Combine(path, best);
        if ((File.Exists(file) && HashOf(file) == hash) || !File.Exists(bestCopy) || HashOf(bestCopy) != hash)
            return;
        warn($"The best weights '{file}' are damaged or missing; they are taken from '{bestCopy}'.");
        File.Copy(bestCopy, file, overwrite: true);
    }

    private void Load(string folder, CheckpointRecord record, TrainedWeights weights, TrainingOptimizer optimizer, WeightSnapshot average, WeightSnapshot best)
    {
        using (var file = SafeTensorsFile.Open(Path.Combine(folder, CheckpointFiles.SafeTensors)))
            weights.Load(file);
        using (var file = SafeTensorsFile.Open(Path.Combine(folder, OptimizerName)))
            optimizer.Load(file);
        if (File.Exists(Path.Combine(folder, AverageName)))
            Take(average, Path.Combine(folder, AverageName));
        if (BestName(record.State) is { } name)
            Take(best, Path.Combine(path, name));
    }

    private static void Take(WeightSnapshot snapshot, string path)
    {
        using var scope = NewDisposeScope();
        using var file = SafeTensorsFile.Open(path);
        snapshot.Take(file.Tensors.ToDictionary(t => t.Name, t => file.Get(t.Name)));
    }

    private static string? BestName(TrainingState state) =>
        state.BestStep > 0 ? string.Create(CultureInfo.InvariantCulture, $"best-{state.BestStep:D8}.safetensors") : null;

    private IEnumerable<string> Newest() =>
        Directory.Exists(path)
            ? Directory.GetDirectories(path).Where(d => Path.GetFileName(d).All(char.IsAsciiDigit)).OrderDescending(StringComparer.Ordinal)
            : [];

    private void Prune()
    {
        var kept = Newest().Take(Kept).ToArray();
        foreach (string old in Newest().Skip(Kept).ToArray())
            Delete(old);
        foreach (string left in Directory.GetDirectories(path, "*.tmp"))
            Delete(left);
        var states = kept.Select(StateOf).ToArray();
        foreach (string best in Directory.GetFiles(path, "best-*"))
        {
            if (!states.Any(s => s.Contains(Path.GetFileName(best), StringComparison.Ordinal)))
                File.Delete(best);
        }
    }

    // A checkpoint whose state cannot be read is of no use, and needs no best weights.
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
