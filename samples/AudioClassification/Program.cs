using System.CommandLine;
using System.Reflection;
using AudioClassification;
using Samples;

var dataOption = new Option<string?>("--data")
{
    Description = "A folder with one of WAV files for each label; the same name in several of them is the same prompt. Without it, the "
        + "prompts of eng/fetch-asterisk.sh, or where they are not, generated sounds",
};
var generatedOption = new Option<bool>("--generated") { Description = "Takes generated sounds in any case" };
var fullOption = new Option<bool>("--full") { Description = "Trains longer: up to twenty minutes on two cores" };
var modelOption = new Option<string>("--model") { Description = "Where the model is saved", DefaultValueFactory = _ => "MyModel.mlnet" };
var summaryOption = new Option<string?>("--summary") { Description = "A file for the figures: name, value and unit, separated by tabs" };
var command = new RootCommand("Tells the languages of voice prompts apart, beside LightGbm on the same spectra. Prompts are held out.")
{
    dataOption, generatedOption, fullOption, modelOption, summaryOption,
};
command.SetAction(arguments =>
{
    string model = arguments.GetValue(modelOption)!;
    SavedModel.CheckWritable(model);
    string prompts = Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "DataFolder").Value!;
    string? data = arguments.GetValue(dataOption) ?? (Directory.Exists(prompts) ? prompts : null);
    bool isGenerated = data is null || arguments.GetValue(generatedOption);
    string folder = isGenerated ? Directory.CreateTempSubdirectory("sounds").FullName : data!;
    try
    {
        if (isGenerated)
            GeneratedSounds.Write(folder);
        var figures = Comparison.Run(PromptSet.Read(folder), arguments.GetValue(fullOption), isGenerated, model);
        Figures.Write(arguments.GetValue(summaryOption), figures);
    }
    finally
    {
        if (isGenerated)
            Directory.Delete(folder, recursive: true);
    }

    string load = $"var model = mlContext.Model.LoadPerceiver(@\"{Path.GetFullPath(model)}\", out _);";
    if (isGenerated)
        NextSteps.Write(load, "eng/fetch-asterisk.sh", NextSteps.Run("AudioClassification"));
    else
        NextSteps.Write(load, NextSteps.Run("AudioClassification", "--full"));
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
