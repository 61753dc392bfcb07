using Microsoft.ML.Perceiver;
using Spectre.Console;

namespace Pretrain;

/// <summary>Shows a long training, and lets Ctrl+C end it so that it may go on later.</summary>
internal static class TrainingConsole
{
    public static TrainingResult Run(PerceiverTrainingOptions options, Func<PerceiverTrainingOptions, TrainingResult> train)
    {
        using var cancellation = new CancellationTokenSource();
        void Cancel(object? sender, ConsoleCancelEventArgs e)
        {
            e.Cancel = true;
            cancellation.Cancel();
        }

        Console.CancelKeyPress += Cancel;
        try
        {
            options = options with { CancellationToken = cancellation.Token };
            if (!AnsiConsole.Profile.Capabilities.Ansi)
                return train(options with { Progress = now => Write(now, AnsiConsole.WriteLine) });
            return AnsiConsole.Progress()
                .AutoClear(false)
                .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
                .Start(context =>
                {
                    var task = context.AddTask("epoch 1");
                    return train(options with
                    {
                        Progress = now =>
                        {
                            task.MaxValue = now.Steps;
                            task.Value = now.Step;
                            Write(now, text => task.Description = text);
                        },
                    });
                });
        }
        finally
        {
            Console.CancelKeyPress -= Cancel;
        }
    }

    private static void Write(TrainingProgress now, Action<string> write)
    {
        if (now.ValidationMetrics is { } metrics)
        {
            write($"epoch {now.Epoch} of {now.Epochs}, step {now.Step} of {now.Steps}: loss {now.TrainingLoss:f3}, validation loss {metrics["LogLoss"]:f3}, "
                + $"{metrics["MaskedAccuracy"]:P1} of the masks right, {now.RowsPerSecond:f0} texts/s, {now.Elapsed.TotalMinutes:f0} min");
        }
    }
}
