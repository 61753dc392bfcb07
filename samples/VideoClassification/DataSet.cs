using Microsoft.ML;

namespace VideoClassification;

/// <summary>Films in folders, SPLIT/LABEL/FILM with numbered pictures, as rows for ML.NET.</summary>
/// <param name="mlContext">The common context for all ML.NET operations.</param>
/// <param name="folder">The folder of the splits train, validation and test.</param>
internal sealed class DataSet(MLContext mlContext, string folder)
{
    /// <summary>The films to learn from.</summary>
    internal IReadOnlyList<MyModel.ModelInput> Train { get; } = Read(folder, "train");

    /// <summary>The films to choose the best epoch by.</summary>
    internal IReadOnlyList<MyModel.ModelInput> Validation { get; } = Read(folder, "validation");

    /// <summary>The films to judge the model by.</summary>
    internal IReadOnlyList<MyModel.ModelInput> Test { get; } = Read(folder, "test");

    /// <summary>Films as rows.</summary>
    /// <param name="films">The films.</param>
    internal IDataView Rows(IReadOnlyList<MyModel.ModelInput> films) => mlContext.Data.LoadFromEnumerable(films);

    private static MyModel.ModelInput[] Read(string folder, string split)
    {
        string path = Path.Combine(folder, split);
        if (!Directory.Exists(path))
            throw new DirectoryNotFoundException($"There is no folder '{path}'; films are expected in SPLIT/LABEL/FILM/NUMBER.jpg.");
        MyModel.ModelInput[] films =
        [
            .. from label in Directory.GetDirectories(path).Order(StringComparer.Ordinal)
               from film in Directory.GetDirectories(label).Order(StringComparer.Ordinal)
               select new MyModel.ModelInput { Film = film, Label = Path.GetFileName(label) },
        ];
        return films.Length > 0
            ? films
            : throw new FormatException($"The folder '{path}' has no films; they are expected in LABEL/FILM/NUMBER.jpg below it.");
    }
}
