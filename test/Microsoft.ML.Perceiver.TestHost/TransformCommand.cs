namespace Microsoft.ML.Perceiver.TestHost;

/// <summary>Loads a model in a context that nothing was registered in, and writes what it makes of a data set.</summary>
internal static class TransformCommand
{
    internal static int Run(string model, string data, string output, string[] columns)
    {
        var context = new MLContext();
        var transformer = context.Model.Load(model, out _);
        File.WriteAllLines(output, RowDump.Lines(transformer.Transform(context.Data.LoadFromBinary(data)), columns));
        return 0;
    }
}
