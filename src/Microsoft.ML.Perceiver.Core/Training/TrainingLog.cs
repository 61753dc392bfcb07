using Microsoft.Extensions.Logging;

namespace Microsoft.ML.Perceiver;

/// <summary>What <see cref="PerceiverTrainingOptions.Logger"/> is told.</summary>
internal static partial class TrainingLog
{
    [LoggerMessage(EventId = 20, Level = LogLevel.Warning, Message = "{Cause}")]
    internal static partial void SlowPrecision(ILogger logger, string cause);

    [LoggerMessage(
        EventId = 21,
        Level = LogLevel.Warning,
        Message = "The checkpoint '{Folder}' is damaged ({Cause}) and skipped; it is kept as '{Kept}'.")]
    internal static partial void CheckpointDamaged(ILogger logger, string folder, string cause, string kept);

    [LoggerMessage(
        EventId = 22,
        Level = LogLevel.Warning,
        Message = "The best weights '{File}' are damaged or missing; they are taken from '{Copy}'.")]
    internal static partial void BestWeightsDamaged(ILogger logger, string file, string copy);

    [LoggerMessage(
        EventId = 23,
        Level = LogLevel.Warning,
        Message = "'{File}' is damaged: the training goes on from its checkpoints with the settings that it has now.")]
    internal static partial void SettingsLost(ILogger logger, string file);

    [LoggerMessage(
        EventId = 24,
        Level = LogLevel.Warning,
        Message = "'{File}' is damaged and written again: '{Copy}' has the settings of this training.")]
    internal static partial void SettingsWrittenAgain(ILogger logger, string file, string copy);

    [LoggerMessage(
        EventId = 25,
        Level = LogLevel.Warning,
        Message = "There is a single training row: the model can only learn that one.")]
    internal static partial void SingleRow(ILogger logger);

    [LoggerMessage(EventId = 26, Level = LogLevel.Warning, Message = "{Cause}")]
    internal static partial void Rows(ILogger logger, string cause);
}
