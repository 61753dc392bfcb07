using System.CommandLine;
using Distributed;
using Microsoft.ML;
using Microsoft.ML.Perceiver;
using Samples;

var epochsOption = new Option<int>("--epochs") { Description = "How often the rows are gone through", DefaultValueFactory = _ => 6 };
var runOption = new Option<string?>("--run")
{
    Description = "A run folder, which the first process writes: metrics and checkpoints; an unfinished training in it goes on, "
        + "with as many processes as it began with",
};
var modelOption = new Option<string>("--model") { Description = "Where the model is saved", DefaultValueFactory = _ => "MyModel.mlnet" };
var summaryOption = new Option<string?>("--summary")
{
    Description = "A file for the figures: name, value and unit, separated by tabs. The processes also take some steps together that the "
        + "first one repeats alone",
};
var command = new RootCommand("Trains a spam filter in the processes that mpiexec started, each with a part of every batch.")
{
    epochsOption, runOption, modelOption, summaryOption,
};
command.SetAction(arguments => PerceiverMpi.Run(communicator => Run(
    communicator,
    arguments.GetValue(epochsOption),
    arguments.GetValue(runOption),
    arguments.GetValue(modelOption)!,
    arguments.GetValue(summaryOption))));
try
{
    return command.Parse(args).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception e) when (e is ArgumentException or IOException or UnauthorizedAccessException or InvalidOperationException
    or FormatException or NotSupportedException or DllNotFoundException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

static int Run(PerceiverMpiCommunicator communicator, int epochs, string? run, string modelPath, string? summary)
{
    // All processes do the same; the first one tells of it.
    bool isFirst = communicator.Rank == 0;
    Say(communicator.Size == 1
        ? "One process, without MPI. `mpiexec -n 2 dotnet run --no-build -c Release --project samples/Distributed` starts two."
        : $"{communicator.Size} processes, {communicator.LocalSize} of them on this machine.");
    var mlContext = new MLContext(seed: 1);
    var rows = SpamFilter.Load(mlContext);
    double rowsPerSecond = 0;
    var training = PerceiverPresets.TextTraining with
    {
        Epochs = epochs,
        RunFolder = run,
        Communicator = communicator,
        // The first process alone is told of the progress.
        Progress = now =>
        {
            rowsPerSecond = now.RowsPerSecond;
            if (now.ValidationMetrics is not { } metrics)
                return;
            string validation = ValidationText.Of(metrics);
            Say($"epoch {now.Epoch} of {now.Epochs}  loss {now.TrainingLoss:f4}{validation}  {rowsPerSecond:f0} rows/s");
        },
    };
    var filter = SpamFilter.Train(mlContext, SpamFilter.Config, training, rows.TrainSet);
    double accuracy = 0;
    if (isFirst)
    {
        accuracy = SpamFilter.Accuracy(mlContext, filter, rows.TestSet);
        mlContext.Model.Save(filter, rows.TrainSet.Schema, modelPath);
        Say($"Accuracy on the test messages: {accuracy:0.000}; saved to {Path.GetFullPath(modelPath)}.");
    }

    if (summary is not null)
    {
        double difference = Comparison.WeightDifference(mlContext, communicator, rows.TrainSet);
        double exchange = Comparison.ExchangeMilliseconds(communicator);
        Say($"After 20 steps the weights differ by {difference:g3} from those of one process.");
        Say($"The exchange of 3.27 million gradients takes {exchange:f1} ms.");
        if (isFirst)
        {
            Figures.Write(
                summary,
                ("processes", communicator.Size, "processes"),
                ("test_accuracy", accuracy, "fraction"),
                ("rows_per_second", rowsPerSecond, "rows/s"),
                ("max_weight_difference", difference, "weight"),
                ("exchange_ms", exchange, "ms"));
        }
    }

    if (isFirst)
        NextSteps.Write(NextSteps.Run("WebApi", "--model", modelPath));
    return 0;

    void Say(string text)
    {
        if (isFirst)
            Console.WriteLine(text);
    }
}
