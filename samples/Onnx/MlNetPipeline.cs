using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Perceiver;

namespace OnnxSample;

/// <summary>The image classifier's file in ML.NET's own stage for ONNX, which needs nothing of this library.</summary>
internal static class MlNetPipeline
{
    private const string InputName = "image", OutputName = "logits";

    /// <summary>Runs photographs.</summary>
    /// <param name="file">The file.</param>
    /// <param name="size">Height and width of the photographs.</param>
    /// <param name="rows">The bytes of each photograph: height x width x 3, red first.</param>
    /// <returns>The scores of each photograph's labels.</returns>
    public static float[][] Run(string file, PerceiverImageSize size, IEnumerable<byte[]> rows)
    {
        var mlContext = new MLContext(seed: 1);
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[InputName].ColumnType = new VectorDataViewType(NumberDataViewType.Byte, size.Height, size.Width, 3);
        var data = mlContext.Data.LoadFromEnumerable(rows.Select(pixels => new Row { Pixels = pixels }), schema);
        // ML.NET runs a row at a time, so that the size of the batch is 1.
        var shapes = new Dictionary<string, int[]> { [InputName] = [1, size.Height, size.Width, 3] };
        var pipeline = mlContext.Transforms.ApplyOnnxModel(
            outputColumnNames: [OutputName],
            inputColumnNames: [InputName],
            modelFile: file,
            shapeDictionary: shapes,
            gpuDeviceId: null,
            fallbackToCpu: false,
            recursionLimit: 100);
        using var model = pipeline.Fit(data);
        return [.. model.Transform(data).GetColumn<float[]>(OutputName)];
    }

    private sealed class Row
    {
        [ColumnName(InputName)]
        public byte[] Pixels { get; set; } = [];
    }
}
