namespace Microsoft.ML.Perceiver.Tests.SavedModels;

/// <summary>A stage whose model file is kept, so that later versions are tested on it.</summary>
/// <param name="Name">The folder of its files.</param>
/// <param name="Estimator">The estimator, with settings other than the defaults.</param>
/// <param name="Data">What it is fitted on, and what it transforms.</param>
/// <param name="Outputs">The columns that the stage adds.</param>
internal sealed record SavedModelCase(string Name, IEstimator<ITransformer> Estimator, IDataView Data, params string[] Outputs)
{
    /// <summary>The model file.</summary>
    internal const string Model = "model.zip";

    /// <summary>The data, in ML.NET's binary format.</summary>
    internal const string Input = "input.idv";

    /// <summary>The columns that came out, as JSON.</summary>
    internal const string Expected = "expected.json";

    /// <summary>The weights of a model that does not carry them.</summary>
    internal const string Weights = "weights.safetensors";

    /// <summary>Fits the stage and writes its files.</summary>
    internal void WriteTo(MLContext context, string folder)
    {
        Directory.CreateDirectory(folder);
        using (var stream = File.Create(Path.Combine(folder, Input)))
            context.Data.SaveAsBinary(Data, stream, keepHidden: false);
        var data = context.Data.LoadFromBinary(Path.Combine(folder, Input));
        var transformer = Estimator.Fit(data);
        context.Model.Save(transformer, data.Schema, Path.Combine(folder, Model));
        File.WriteAllText(Path.Combine(folder, Expected), ColumnDump.Of(transformer.Transform(data), Outputs).ToJsonString());
        (transformer as IDisposable)?.Dispose();
    }
}
