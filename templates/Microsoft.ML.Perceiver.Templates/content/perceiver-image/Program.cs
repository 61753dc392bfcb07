using PerceiverImage._1;

// dotnet run -c Release                 trains, evaluates and saves a model, then classifies test images
// dotnet run -c Release -- photo.jpg    classifies images with the saved model
const string ModelFile = "model.zip";
string[] files = args;
if (files.Length == 0)
{
    Training.Run(ModelFile);
    files = [.. ImageFolder.Read("test").DistinctBy(image => image.Label).Select(image => image.Path)];
}
else if (!File.Exists(ModelFile))
{
    Console.Error.WriteLine($"There is no {ModelFile} yet. Train it first: dotnet run -c Release");
    return 1;
}

using var classifier = new Classifier(ModelFile);
foreach (string file in files)
{
    var (label, probability) = classifier.Predict(file);
    Console.WriteLine($"{label} ({probability:P0}): {Path.GetRelativePath(Environment.CurrentDirectory, file)}");
}

return 0;
