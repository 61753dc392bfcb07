using PerceiverText._1;

// dotnet run -c Release                   trains, evaluates and saves a model, then classifies the examples below
// dotnet run -c Release -- "Some text"    classifies texts with the saved model
const string ModelFile = "model.zip";
string[] texts = args;
if (texts.Length == 0)
{
    Training.Run(ModelFile);
    texts =
    [
        "Congratulations, you have won a free holiday! Call 09061701461 now to claim.",
        "I'll be ten minutes late, see you at the station.",
    ];
}
else if (!File.Exists(ModelFile))
{
    Console.Error.WriteLine($"There is no {ModelFile} yet. Train it first: dotnet run -c Release");
    return 1;
}

using var classifier = new Classifier(ModelFile);
foreach (string text in texts)
{
    var (label, probability) = classifier.Predict(text);
    Console.WriteLine($"{label} ({probability:P0}): {text}");
}

return 0;
