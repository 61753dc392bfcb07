using System.Text.Json.Nodes;

namespace Microsoft.ML.Perceiver;

/// <summary>Writes models as ONNX files.</summary>
public static class PerceiverOnnx
{
    /// <summary>The key of the labels' names in a file's metadata, a JSON list in the order of the logits.</summary>
    public const string LabelsKey = "labels";

    /// <summary>
    /// Writes a model as ONNX. Every head is written, and a <see cref="PerceiverModel"/> made of the parts of this library; docs/onnx.md
    /// has the inputs and outputs of each. The numbers are those of evaluation, by the model's own weights: prepared weights and training
    /// mode change nothing. Models of optical flow and multimodal autoencoders become two files, so that a client can decode a part of the
    /// output at a time: for <c>model.onnx</c>, these are <c>model.encoder.onnx</c> and <c>model.decoder.onnx</c>.
    /// </summary>
    /// <param name="model">The model, on any device, with weights in Float32 or Float16.</param>
    /// <param name="path">The file; its folder is made where it is missing.</param>
    /// <param name="options">The form of the graph; null for the defaults.</param>
    /// <returns>
    /// The files that were written. Weights above 2 GB, or all of them where the options say so, are in a file beside the graph's, whose
    /// name ends with <c>.data</c>.
    /// </returns>
    /// <exception cref="ArgumentNullException">The model or the path is null.</exception>
    /// <exception cref="ArgumentException">The options do not fit each other or the model; the message says which.</exception>
    /// <exception cref="NotSupportedException">
    /// The model's weights are BFloat16, or it has a part that has no operators of ONNX, or an operator is not in the operator set. The
    /// message names it.
    /// </exception>
    /// <exception cref="InvalidOperationException">The model has no weights yet.</exception>
    /// <exception cref="IOException">A file cannot be written. Files that are there already stay as they are.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be written.</exception>
    public static IReadOnlyList<string> Export(PerceiverPreTrainedModel model, string path, PerceiverOnnxOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new PerceiverOnnxOptions();
        using var export = new OnnxExport(options.ToForm(model), ParameterNames.Of(model)) { Images = options.ImagesFor(model) };
        model.ToOnnx(export);
        return new OnnxFiles(path, model.GetType().Name, options.ExternalData, MetadataOf(export)).Write(export.Graphs);
    }

    private static IReadOnlyList<(string Key, string Value)> MetadataOf(OnnxExport export) => export.Labels is { } labels
        ? [(LabelsKey, new JsonArray([.. labels.Select(label => JsonValue.Create(label))]).ToJsonString())]
        : [];
}
