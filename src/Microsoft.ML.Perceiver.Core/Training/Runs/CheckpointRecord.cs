namespace Microsoft.ML.Perceiver;

/// <summary>What a checkpoint's <c>state.json</c> holds; it is written last, so a checkpoint that has it was finished.</summary>
/// <param name="State">Where the training stands.</param>
/// <param name="Files">SHA-256 of each file that belongs to it, by its path relative to the checkpoints' folder.</param>
/// <param name="LogLengths">How long each log was then.</param>
internal sealed record CheckpointRecord(TrainingState State, Dictionary<string, string> Files, Dictionary<string, long> LogLengths);
