using Microsoft.ML.Perceiver;
using Spectre.Console;

namespace Samples;

/// <summary>
/// Shows a training, and lets Ctrl+C end it: the best weights so far are kept, and one with a run folder may go on later.
/// </summary>
internal static class TrainingConsole
{
    /// <summary>Runs a training with a progress bar, or a line an evaluation where the output is no terminal.</summary>
    /// <typeparam name="T">What is trained.</typeparam>
    /// <param name="what">What the model learns, for the display.</param>
    /// <param name="options">How it is trained.</param>
    /// <param name="train">Trains with the options it is given.</param>
    public static T Run<T>(string what, PerceiverTrainingOptions options, Func<PerceiverTrainingOptions, T> train)
    {
        // Steps take and give back the same memory over and over.
        TorchRuntime.Initialize(new TorchRuntimeOptions { KeepMemory = true });
        using var cancellation = new CancellationTokenSource();
        void Cancel(object? sender, ConsoleCancelEventArgs e)
        {
            e.Cancel = true;
            cancellation.Cancel();
        }

        options = options with
        {
            CancellationToken = cancellation.Token,
            Logger = new ConsoleLogger(),
        };
        Console.CancelKeyPress += Cancel;
        try
        {
            return AnsiConsole.Profile.Capabilities.Ansi
                ? WithBar(what, options, train)
                : train(options with { Progress = now => WriteEvaluation(what, now) });
        }
        finally
        {
            Console.CancelKeyPress -= Cancel;
        }
    }

    private static T WithBar<T>(string what, PerceiverTrainingOptions options, Func<PerceiverTrainingOptions, T> train) => AnsiConsole
        .Progress()
        .AutoClear(false)
        .Columns(
            new TaskDescriptionColumn { Alignment = Justify.Left },
            new ProgressBarColumn(),
            new PercentageColumn(),
            new RemainingTimeColumn())
        .Start(context =>
        {
            var task = context.AddTask($"{what}: epoch 1 of {options.Epochs}", maxValue: 1);
            string validation = "";
            return train(options with
            {
                Progress = now =>
                {
                    if (now.ValidationMetrics is { } metrics)
                        validation = ValidationText.Of(metrics);
                    task.MaxValue = now.Steps;
                    task.Value = now.Step;
                    task.Description = $"{what}: epoch {now.Epoch} of {now.Epochs}  loss {now.TrainingLoss:f4}{validation}";
                },
            });
        });

    private static void WriteEvaluation(string what, PerceiverTrainingProgress now)
    {
        if (now.ValidationMetrics is { } metrics)
        {
            AnsiConsole.WriteLine(
                $"{what}: epoch {now.Epoch} of {now.Epochs}, step {now.Step} of {now.Steps}  loss {now.TrainingLoss:f4}"
                + $"{ValidationText.Of(metrics)}  {now.RowsPerSecond:f0} rows/s  {now.Elapsed.TotalSeconds:f0} s");
        }
    }
}
