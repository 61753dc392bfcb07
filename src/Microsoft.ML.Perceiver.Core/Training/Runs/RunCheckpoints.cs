using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// The checkpoints of a run, a folder each with weights (as Hugging Face saves them), optimizer and state. Two are kept, and the weights that
/// were the best at each; one that is damaged is passed over for the one before.
/// </summary>
internal sealed class RunCheckpoints(string path, Action<string> warn)
{
    private const int Kept = 2;
    private const string StateName = "state.json", OptimizerName = "optimizer.safetensors", AverageName = "average.safetensors";

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
        Write(PerceiverPreTrainedModel.WeightsName, weights.Full());
        using (NewDisposeScope())
            Write(OptimizerName, optimizer.State());
        if (average.Tensors.Count > 0)
            Write(AverageName, average.Tensors);
        if (model is PerceiverPreTrainedModel known)
            AtomicFile.WriteText(Path.Combine(unfinished, "config.json"), known.SavedConfig().ToJson());
        if (BestName(state) is { } bestName)
        {
            string file = Path.Combine(path, bestName);
            if (!File.Exists(file))
                SafeTensorsWriter.WriteFile(file, best.Tensors);
            files[bestName] = HashOf(file);
        }

        var record = new CheckpointRecord(state, files, logs);
        AtomicFile.WriteText(Path.Combine(unfinished, StateName), JsonSerializer.Serialize(record, RunJson.Indented));
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
        foreach (string folder in Newest().ToArray())
        {
            try
            {
                var record = Check(folder);
                Load(folder, record, weights, optimizer, average, best);
                Prune();
                return record;
            }
            catch (Exception e) when (e is FormatException or IOException or JsonException)
            {
                string aside = folder + ".damaged";
                warn($"The checkpoint '{folder}' is damaged ({e.Message}) and passed over; it is kept as '{aside}'.");
                Delete(aside);
                Directory.Move(folder, aside);
            }
        }

        return null;
    }

    private CheckpointRecord Check(string folder)
    {
        var record = JsonSerializer.Deserialize<CheckpointRecord>(File.ReadAllText(Path.Combine(folder, StateName)), RunJson.Indented);
        if (record is not { State.Random: not null, Files.Count: > 0, LogLengths: not null })
            throw new FormatException($"{StateName} is incomplete.");
        foreach (var (file, hash) in record.Files)
        {
            if (HashOf(Path.Combine(path, file)) != hash)
                throw new FormatException($"{file} is not as it was written.");
        }

        return record;
    }

    private void Load(string folder, CheckpointRecord record, TrainedWeights weights, TrainingOptimizer optimizer, WeightSnapshot average, WeightSnapshot best)
    {
        using (var file = SafeTensorsFile.Open(Path.Combine(folder, PerceiverPreTrainedModel.WeightsName)))
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
        var states = kept.Select(k => File.ReadAllText(Path.Combine(k, StateName))).ToArray();
        foreach (string best in Directory.GetFiles(path, "best-*"))
        {
            if (!states.Any(s => s.Contains(Path.GetFileName(best), StringComparison.Ordinal)))
                File.Delete(best);
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
