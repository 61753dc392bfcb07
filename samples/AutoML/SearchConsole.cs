using Spectre.Console;

namespace AutoML;

/// <summary>Shows a search, and lets Ctrl+C end it with the best so far.</summary>
internal static class SearchConsole
{
    /// <summary>Runs a search with a live table, or a line a trial where the output is no terminal.</summary>
    /// <param name="make">Makes the search, which calls the given method whenever there is something new to show.</param>
    public static (Search Search, BestModel Best) Run(Func<Action<Trial>, Search> make)
    {
        using var cancellation = new CancellationTokenSource();
        void Cancel(object? sender, ConsoleCancelEventArgs e)
        {
            // A second one ends the program.
            e.Cancel = !cancellation.IsCancellationRequested;
            cancellation.Cancel();
        }

        Console.CancelKeyPress += Cancel;
        try
        {
            return AnsiConsole.Profile.Capabilities.Ansi ? WithTable(make, cancellation.Token) : WithLines(make, cancellation.Token);
        }
        finally
        {
            Console.CancelKeyPress -= Cancel;
        }
    }

    private static (Search, BestModel) WithTable(Func<Action<Trial>, Search> make, CancellationToken cancellation) =>
        AnsiConsole.Live(TrialTable.Of([])).Start(context =>
        {
            Search? search = null;
            var shown = DateTime.MinValue;
            search = make(trial =>
            {
                // Drawing after each step would slow the training down.
                if (trial.State == TrialState.Running && DateTime.UtcNow - shown < TimeSpan.FromSeconds(0.5))
                    return;
                shown = DateTime.UtcNow;
                context.UpdateTarget(TrialTable.Of(search!.Trials));
            });
            return (search, search.Run(cancellation));
        });

    private static (Search, BestModel) WithLines(Func<Action<Trial>, Search> make, CancellationToken cancellation)
    {
        var written = new HashSet<Trial>();
        var search = make(trial =>
        {
            if (trial.State != TrialState.Running && written.Add(trial))
                Console.WriteLine(TrialTable.Line(trial));
        });
        var best = search.Run(cancellation);
        AnsiConsole.Write(TrialTable.Of(search.Trials));
        return (search, best);
    }
}
