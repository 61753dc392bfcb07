using System.CommandLine;
using Arrays;
using Samples;

var tableOption = new Option<bool>("--table") { Description = "Reads letters from the 16 numbers of each row (Letter Recognition)" };
var forecastOption = new Option<bool>("--forecast") { Description = "Forecasts a series" };
var pointsOption = new Option<bool>("--points") { Description = "Tells solids apart by points of their surfaces" };
var fullOption = new Option<bool>("--full") { Description = "Trains on all rows, and longer: up to twenty minutes each on two cores" };
var dataOption = new Option<string?>("--data")
{
    Description = "For --forecast: a file with a number a line, as eng/fetch-taylor.sh makes one; without it, the months of co2.txt",
};
var seasonOption = new Option<int>("--season") { Description = "Lines of a season of --data", DefaultValueFactory = _ => 12 };
var horizonOption = new Option<int>("--horizon") { Description = "Lines to forecast of --data", DefaultValueFactory = _ => 12 };
var modelOption = new Option<string>("--model")
{
    Description = "Where the model of the table, or of the forecast alone, is saved",
    DefaultValueFactory = _ => "MyModel.mlnet",
};
var summaryOption = new Option<string?>("--summary") { Description = "A file for the figures: name, value and unit, separated by tabs" };
var command = new RootCommand("Trains Perceivers on a table, a series and points, each beside what is usual for it. By default all three.")
{
    tableOption, forecastOption, pointsOption, fullOption, dataOption, seasonOption, horizonOption, modelOption, summaryOption,
};
command.SetAction(arguments =>
{
    bool table = arguments.GetValue(tableOption), forecast = arguments.GetValue(forecastOption), points = arguments.GetValue(pointsOption);
    bool isFull = arguments.GetValue(fullOption), isAll = !table && !forecast && !points;
    string model = arguments.GetValue(modelOption)!;
    SavedModel.CheckWritable(model);
    var figures = new List<(string, double, string)>();
    if (isAll || table)
        figures.AddRange(Letters.Run(isFull, model));
    if (isAll || forecast)
    {
        var series = new Series(arguments.GetValue(dataOption), arguments.GetValue(seasonOption), arguments.GetValue(horizonOption));
        figures.AddRange(series.Run(isFull, forecast && !table ? model : null));
    }

    if (isAll || points)
        figures.AddRange(Solids.Run(isFull));
    Figures.Write(arguments.GetValue(summaryOption), [.. figures]);
    NextSteps.Write(
        $"var model = mlContext.Model.LoadPerceiver(@\"{Path.GetFullPath(model)}\", out _);",
        NextSteps.Run("Arrays", "--table", "--full"));
    return 0;
});
try
{
    return command.Parse(args).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception e) when (e is ArgumentException or IOException or UnauthorizedAccessException or InvalidOperationException
    or FormatException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
