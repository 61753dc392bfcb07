using System.Reflection;
using System.Runtime.ExceptionServices;

namespace Microsoft.ML;

// Loading models.
public static partial class PerceiverCatalog
{
    /// <summary>
    /// Loads a model that <c>mlContext.Model.Save</c> wrote, as <see cref="ModelOperationsCatalog.Load(string, out DataViewSchema)"/> does,
    /// but lets through what went wrong: ML.NET's own method makes stages by reflection, and its exception says no more than that.
    /// </summary>
    /// <param name="model">The context's model operations.</param>
    /// <param name="filePath">The model file.</param>
    /// <param name="inputSchema">The schema that the model was saved with; null where it was saved without one.</param>
    /// <returns>The model; it holds memory until it is disposed.</returns>
    /// <exception cref="FormatException">The file is damaged, or the weights that it names have changed.</exception>
    /// <exception cref="FileNotFoundException">There is no such file, or the weights that it names are not there.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// var mlContext = new MLContext();
    /// var model = mlContext.Model.LoadPerceiver("spam.zip", out _);
    /// using var engine = mlContext.Model.CreatePredictionEngine<Message, Prediction>(model);
    /// Console.WriteLine(engine.Predict(new Message { Text = "You have won a prize, call now" }).PredictedLabel);
    ///
    /// class Message
    /// {
    ///     public string Label { get; set; } = "";
    ///     public string Text { get; set; } = "";
    /// }
    ///
    /// class Prediction
    /// {
    ///     public string PredictedLabel { get; set; } = "";
    /// }
    /// ]]></code>
    /// </example>
    public static ITransformer LoadPerceiver(this ModelOperationsCatalog model, string filePath, out DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(filePath);
        using var stream = File.OpenRead(filePath);
        return model.LoadPerceiver(stream, out inputSchema);
    }

    /// <summary>
    /// Loads a model from a stream, as <see cref="LoadPerceiver(ModelOperationsCatalog, string, out DataViewSchema)"/> does from a file.
    /// </summary>
    /// <param name="model">The context's model operations.</param>
    /// <param name="stream">The model file; a stream that can seek. It stays open.</param>
    /// <param name="inputSchema">The schema that the model was saved with; null where it was saved without one.</param>
    /// <returns>The model; it holds memory until it is disposed.</returns>
    /// <exception cref="FormatException">The file is damaged, or the weights that it names have changed.</exception>
    /// <exception cref="FileNotFoundException">The weights that the file names are not there.</exception>
    /// <example>
    /// <code language="csharp"><![CDATA[
    /// var mlContext = new MLContext();
    /// using var stream = File.OpenRead("spam.zip");
    /// var model = mlContext.Model.LoadPerceiver(stream, out var inputSchema);
    /// ]]></code>
    /// </example>
    public static ITransformer LoadPerceiver(this ModelOperationsCatalog model, Stream stream, out DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(stream);
        try
        {
            return model.Load(stream, out inputSchema);
        }
        catch (TargetInvocationException e)
        {
            ExceptionDispatchInfo.Throw(CauseOf(e));
            throw;
        }
    }

    // A chain that is in a chain is wrapped once for each.
    private static Exception CauseOf(Exception error)
    {
        while (error is TargetInvocationException { InnerException: { } inner })
            error = inner;
        return error;
    }
}
