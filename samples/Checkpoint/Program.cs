using System.CommandLine;
using Checkpoint;
using Microsoft.ML.Perceiver;

var path = new Argument<string>("checkpoint")
{
    Description = "A folder, a .safetensors or .bin file, an index.json, or a model's name on the hub (owner/name)",
};
var revision = new Option<string>("--revision") { Description = "The branch, tag or commit on the hub", DefaultValueFactory = _ => "main" };

var inspect = new Command("inspect", "Lists the tensors: names, types, shapes, and how many parameters they are.") { path, revision };
inspect.SetAction(a => Inspection.Run(Source.Find(a.GetValue(path)!, a.GetValue(revision)!)));

var output = new Argument<string>("output") { Description = "A .safetensors file, or a folder, which gets the configuration files too" };
var precision = new Option<PerceiverPrecision?>("--dtype")
{
    Description = "Float32, BFloat16 or Float16; each tensor keeps its own where none is given",
};
var convert = new Command("convert", "Writes the weights as one safetensors file, from a .bin file or pieces.")
{
    path, output, precision, revision,
};
convert.SetAction(a => Conversion.Run(Source.Find(a.GetValue(path)!, a.GetValue(revision)!), a.GetValue(output)!, a.GetValue(precision)));

var other = new Option<string?>("--against") { Description = "Another checkpoint, which must have the same tensors bit by bit" };
var verify = new Command(
    "verify",
    "Reads every tensor, looks for numbers that are none, and puts the weights into the model that the configuration names.")
{
    path, other, revision,
};
verify.SetAction(a => Verification.Run(Source.Find(a.GetValue(path)!, a.GetValue(revision)!), a.GetValue(other)));

var root = new RootCommand("Inspects, converts and verifies the files of a checkpoint. Nothing in them is run.")
{
    inspect, convert, verify,
};
try
{
    return root.Parse(args).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception e) when (e is ArgumentException or IOException or UnauthorizedAccessException
    or InvalidOperationException or FormatException or HttpRequestException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
