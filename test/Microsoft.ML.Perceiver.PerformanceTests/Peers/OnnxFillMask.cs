using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>
/// The masked language model as an ONNX model, for one text of a given length without padding: what an exporter would write, before
/// there is one.
/// </summary>
internal static class OnnxFillMask
{
    internal const string Ids = "input_ids", Positions = "positions", Logits = "logits";

    // The decoder's, which no configuration says.
    private const int DecoderHeads = 8, DecoderKeyChannels = 256;

    /// <summary>Writes the model.</summary>
    /// <param name="checkpointFolder">The checkpoint.</param>
    /// <param name="folder">The model's folder.</param>
    /// <param name="tokens">Tokens of the text.</param>
    /// <param name="positions">How many of its positions are decoded.</param>
    /// <param name="isInt8">Whether affine maps multiply 8-bit integers.</param>
    internal static void Write(string checkpointFolder, string folder, int tokens, int positions, bool isInt8)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var checkpoint = SafeTensorsFile.Open(Path.Combine(checkpointFolder, "model.safetensors"), map: true);
        using var graph = new OnnxGraph(folder);
        var weights = new OnnxWeights(graph, checkpoint, isInt8);
        var config = PerceiverCheckpoint.FromDirectory(checkpointFolder).Config;

        string ids = graph.Input(Ids, 1, tokens);
        string chosen = graph.Input(Positions, 1, positions);
        string latents = Encode(graph, weights, config, Embed(graph, weights, ids, tokens));
        string queries = graph.Node(
            "Gather", weights.Constant("perceiver.decoder.output_position_encodings.position_embeddings"), chosen);
        int width = config.ModelChannels;
        var decoder = new OnnxLayer("perceiver.decoder.decoding_cross_attention", DecoderHeads, DecoderKeyChannels, width);
        string decoded = decoder.Add(graph, weights, queries, latents, isResidual: false);

        var embeddings = weights.Read(EmbeddingName);
        string scores = graph.Node("MatMul", decoded, graph.Constant("embedding_decoder.weight", embeddings.t()));
        string logits = graph.Node("Add", scores, weights.Constant("embedding_decoder.bias"));
        graph.Output(Logits, logits, 1, positions, config.VocabularySize);
        graph.Save();
    }

    private const string EmbeddingName = "perceiver.input_preprocessor.embeddings.weight";

    private static string Embed(OnnxGraph graph, OnnxWeights weights, string ids, int tokens)
    {
        const string name = "perceiver.input_preprocessor.position_embeddings.weight";
        string embedded = graph.Node("Gather", weights.Constant(EmbeddingName), ids);
        return graph.Node("Add", embedded, graph.Constant(name, weights.Read(name).narrow(0, 0, tokens)));
    }

    private static string Encode(OnnxGraph graph, OnnxWeights weights, PerceiverConfig config, string inputs)
    {
        const string name = "perceiver.embeddings.latents";
        int keys = config.QueryKeyChannels ?? config.LatentChannels, values = config.ValueChannels ?? keys;
        string hidden = graph.Constant(name, weights.Read(name).unsqueeze(0));
        var cross = new OnnxLayer("perceiver.encoder.cross_attention", config.NumCrossAttentionHeads, keys, values);
        hidden = cross.Add(graph, weights, hidden, inputs, isResidual: true);
        for (int i = 0; i < config.NumSelfAttendsPerBlock; i++)
        {
            var self = new OnnxLayer($"perceiver.encoder.self_attends.{i}", config.NumSelfAttentionHeads, keys, values);
            hidden = self.Add(graph, weights, hidden, inputs: null, isResidual: true);
        }

        return hidden;
    }
}
