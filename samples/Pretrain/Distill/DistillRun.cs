using Microsoft.ML.Perceiver;
using Pretrain.Teacher;
using Samples;
using Spectre.Console;

namespace Pretrain.Distill;

/// <summary>Trains a sentence encoder on a folder of its teacher's vectors; a run that was stopped goes on.</summary>
internal static class DistillRun
{
    // No file of the repository has more than 8 MB.
    private const long MostBytes = 6_000_000;

    /// <summary>Trains.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="teacherFolder">The folder that <c>teacher-vectors</c> wrote; null computes those of some bundled texts first.</param>
    /// <param name="runFolder">The run folder; null for one of the recipe's name.</param>
    /// <param name="epochs">Another number of epochs than the recipe's; null for that.</param>
    /// <param name="rate">Another learning rate than the recipe's; null for that.</param>
    /// <param name="startFolder">The folder of an encoder to train further; null to begin with random weights.</param>
    public static void Train(
        DistillRecipe recipe, string? teacherFolder, string? runFolder, int? epochs, double? rate, string? startFolder)
    {
        string run = runFolder ?? Path.Combine("runs", recipe.Name);
        string path = teacherFolder ?? Path.Combine(run, "teacher");
        if (teacherFolder is null)
            TeacherCommand.Run(path, new TeacherSources(null, null, null), recipe.MostTexts, Environment.ProcessorCount, bundledOnly: true);
        var teacher = new TeacherFolder(path);
        var options = recipe.Training with
        {
            RunFolder = run,
            Epochs = epochs ?? recipe.Training.Epochs,
            LearningRate = rate ?? recipe.Training.LearningRate,
        };
        var start = startFolder is null
            ? PerceiverCheckpoint.FromConfig(recipe.Config, seed: 1, PerceiverInitialization.LocalText)
            : PerceiverCheckpoint.FromDirectory(startFolder);
        using var model = start.Load(c => new PerceiverForSentenceEmbedding(c, initialize: false)).Model;
        int length = model.Config.MaxPositionEmbeddings;
        var parts = teacher.Parts();
        var vectors = parts.Append(TeacherFolder.Unread).Select(part => PerceiverTeacherVectors.Open(teacher.VectorsOf(part))).ToArray();
        try
        {
            var training = PerceiverRows.Join(
                [.. parts.Zip(vectors, (part, own) => PerceiverSentenceRows.FromFiles(teacher.TextsOf(part), length, own))]);
            var unread = PerceiverSentenceRows.FromFiles(teacher.TextsOf(TeacherFolder.Unread), length, vectors[^1]);
            long parameters = model.parameters().Sum(p => p.NumberOfElements);
            AnsiConsole.WriteLine($"{training.Count:n0} texts, {parameters:n0} parameters; the run folder is {Path.GetFullPath(run)}");
            var objective = new PerceiverDistillationObjective(model, training, unread, options, DistillRecipe.Distillation);
            var result = TrainingConsole.Run("vectors", options, o => PerceiverTrainer.Run(objective, o));
            MetricsPlot.Save(run, "Cosine");
            string folder = Path.Combine(run, recipe.Name);
            model.SavePretrained(folder, PerceiverPrecision.Float16, maxShardSize: MostBytes);
            string end = $"{result.StopReason} after {result.Duration.TotalMinutes:f1} minutes";
            AnsiConsole.WriteLine($"{end}; the weights of step {result.BestStep} are in {folder}");
        }
        finally
        {
            Array.ForEach(vectors, v => v.Dispose());
        }
    }
}
