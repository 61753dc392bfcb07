using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// The folder of a training: <c>config.json</c>, <c>steps</c> and <c>evaluations</c> as .csv and .jsonl, <c>best/</c> (a checkpoint folder
/// with the best weights so far) and <c>checkpoints/</c>.
/// </summary>
internal sealed class RunFolder : IDisposable
{
    private const string BestFolder = "best";
    private readonly string _path;
    private readonly FileStream _lock;
    private readonly RunCheckpoints _checkpoints;
    private readonly nn.Module _model;
    private MetricsLog? _steps;
    private MetricsLog? _evaluations;

    private RunFolder(string path, FileStream locked, nn.Module model, RunCheckpoints checkpoints)
    {
        _path = path;
        _lock = locked;
        _model = model;
        _checkpoints = checkpoints;
    }

    /// <summary>Opens a new folder, or that of a training with the same settings, if it has a checkpoint.</summary>
    /// <exception cref="InvalidOperationException">It holds another training.</exception>
    /// <exception cref="IOException">Another process trains in it, or it cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    internal static RunFolder Open(string path, IPerceiverObjective objective, PerceiverTrainingOptions options)
    {
        if (!options.IsFittedAgain)
            return OpenOne(path, objective, options);
        for (int fold = 1; ; fold++)
        {
            try
            {
                return OpenOne(fold == 1 ? path : Path.Combine(path, $"fold-{fold}"), objective, options);
            }
            catch (InvalidOperationException e) when (e.Data[RunSettings.IsOtherData] is true)
            {
                // The folder of another fold.
            }
        }
    }

    private static RunFolder OpenOne(string path, IPerceiverObjective objective, PerceiverTrainingOptions options)
    {
        string full = Path.GetFullPath(path);
        Directory.CreateDirectory(full);
        var locked = Lock(full);
        try
        {
            var settings = RunSettings.Of(objective, options);
            var log = TraceLogger.InPlaceOf(options.Logger);
            string checkpointFolder = Path.Combine(full, "checkpoints");
            var checkpoints = new RunCheckpoints(
                checkpointFolder, Path.Combine(full, BestFolder, CheckpointFiles.SafeTensors), log);
            var files = new RunSettingsFiles(
                Path.Combine(full, CheckpointFiles.Config), Path.Combine(checkpointFolder, "settings.json"), log);
            if (checkpoints.Any)
                files.Compare(settings, full);
            files.Write(settings);
            return new RunFolder(full, locked, objective.Model, checkpoints);
        }
        catch
        {
            locked.Dispose();
            throw;
        }
    }

    /// <summary>Loads the latest checkpoint that is not damaged.</summary>
    /// <returns>The training's state; null where there is none.</returns>
    internal TrainingState? Resume(TrainingTensors tensors)
    {
        var record = _checkpoints.Resume(tensors);
        var lengths = record?.LogLengths ?? [];
        _steps = new MetricsLog(_path, "steps", lengths);
        _evaluations = new MetricsLog(_path, "evaluations", lengths);
        return record?.State;
    }

    internal void LogStep(PerceiverTrainingProgress now) => _steps!.Write(
    [
        new("step", now.Step),
        new("epoch", now.Epoch),
        new("loss", now.StepLoss),
        new("learning_rate", now.LearningRate),
        new("gradient_norm", now.GradientNorm),
        new("rows_per_second", now.RowsPerSecond),
        new("seconds", now.Elapsed.TotalSeconds),
    ]);

    internal void LogEvaluation(PerceiverTrainingProgress now) => _evaluations!.Write(
    [
        new("step", now.Step),
        new("epoch", now.Epoch),
        new("epoch_end", now.IsEpochEnd),
        new("training_loss", now.TrainingLoss),
        new("best", now.IsBest),
        new("seconds", now.Elapsed.TotalSeconds),
        .. now.ValidationMetrics!.Select(m => new KeyValuePair<string, object>(m.Key, m.Value)),
    ]);

    /// <summary>Writes the best weights to <c>best/</c>.</summary>
    internal void SaveBest(WeightSnapshot best)
    {
        string folder = Path.Combine(_path, BestFolder);
        Directory.CreateDirectory(folder);
        SafeTensorsWriter.WriteFile(Path.Combine(folder, CheckpointFiles.SafeTensors), best.Tensors);
        if (_model is PerceiverPreTrainedModel model)
            AtomicFile.WriteText(Path.Combine(folder, CheckpointFiles.Config), model.SavedConfig().ToJson());
    }

    /// <summary>Writes a checkpoint.</summary>
    internal void Save(TrainingState state, TrainingTensors tensors)
    {
        var lengths = _steps!.Lengths().Concat(_evaluations!.Lengths()).ToDictionary(l => l.Key, l => l.Value);
        _checkpoints.Save(state, lengths, _model, tensors);
    }

    private static FileStream Lock(string folder)
    {
        try
        {
            return new FileStream(Path.Combine(folder, "run.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (IsInUse(e))
        {
            throw new IOException($"The run folder '{folder}' is in use by another training: {e.Message}", e);
        }
        catch (IOException e)
        {
            throw new IOException($"The run folder '{folder}' cannot be written: {e.Message}", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new UnauthorizedAccessException($"The run folder '{folder}' cannot be written: {e.Message}", e);
        }
    }

    /// <summary>Whether a file could not be opened because another process holds it, and not because it cannot be written.</summary>
    internal static bool IsInUse(IOException e)
    {
        // Sharing and lock violation; on Unix, the number of EWOULDBLOCK.
        const int sharingViolation = unchecked((int)0x80070020), lockViolation = unchecked((int)0x80070021);
        if (OperatingSystem.IsWindows())
            return e.HResult is sharingViolation or lockViolation;
        return e.HResult == (OperatingSystem.IsLinux() ? 11 : 35);
    }

    public void Dispose()
    {
        _steps?.Dispose();
        _evaluations?.Dispose();
        _lock.Dispose();
    }
}
