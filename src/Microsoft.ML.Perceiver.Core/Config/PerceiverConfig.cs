using System.Text.Json;
using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// The configuration of a Perceiver: Hugging Face's <c>PerceiverConfig</c> with the same defaults, read from and written to
/// <c>config.json</c>. Unknown keys are kept and written back. A file is read as Python reads it: <c>1.0</c> is a whole number, null is
/// false for a truth value, names of labels may be numbers, NaN and Infinity may stand anywhere. Keys that no prediction needs, or that
/// the head named in <c>architectures</c> does not read, take their defaults where their values are unusable.
/// </summary>
/// <remarks>Reference class: <c>transformers.PerceiverConfig</c>. <c>layer_norm_eps</c> is stored but, as in the reference, not used:
/// every layer normalisation adds 1e-5.</remarks>
public sealed record PerceiverConfig
{
    /// <summary>The name of the file in a checkpoint's folder.</summary>
    internal const string FileName = "config.json";

    /// <summary>The <see cref="ModelType"/> of the reference's heads.</summary>
    internal const string ReferenceModelType = "perceiver";

    /// <summary>The <see cref="ModelType"/> of <c>PerceiverForArray</c>.</summary>
    internal const string ArrayModelType = "perceiver_array";

    /// <summary>The <see cref="SentencePooling"/> of the mean latent.</summary>
    internal const string MeanPooling = "mean";

    /// <summary>The <see cref="SentencePooling"/> of a trainable query.</summary>
    internal const string QueryPooling = "query";

    /// <summary>Number of latent vectors, the N of the paper.</summary>
    [JsonPropertyName("num_latents")]
    public int NumLatents { get; init; } = 256;

    /// <summary>Width of a latent vector, the D of the paper.</summary>
    [JsonPropertyName("d_latents")]
    public int LatentChannels { get; init; } = 1280;

    /// <summary>Width of the inputs where no preprocessor says otherwise, and of the text embeddings.</summary>
    [JsonPropertyName("d_model")]
    public int ModelChannels { get; init; } = 768;

    /// <summary>How often the block of self-attention layers is run; all runs share its weights.</summary>
    [JsonPropertyName("num_blocks")]
    public int NumBlocks { get; init; } = 1;

    /// <summary>Self-attention layers in a block.</summary>
    [JsonPropertyName("num_self_attends_per_block")]
    public int NumSelfAttendsPerBlock { get; init; } = 26;

    /// <summary>Heads of each self-attention.</summary>
    [JsonPropertyName("num_self_attention_heads")]
    public int NumSelfAttentionHeads { get; init; } = 8;

    /// <summary>Heads of the encoder's cross-attention.</summary>
    [JsonPropertyName("num_cross_attention_heads")]
    public int NumCrossAttentionHeads { get; init; } = 8;

    /// <summary>Width of queries and keys in the encoder; null for the width that <see cref="CrossAttentionShape"/> names.</summary>
    [JsonPropertyName("qk_channels")]
    public int? QueryKeyChannels { get; init; }

    /// <summary>Width of the values in the encoder; null for that of the queries and keys.</summary>
    [JsonPropertyName("v_channels")]
    public int? ValueChannels { get; init; }

    /// <summary>
    /// "kv" (default) or "q": whether the width of keys and values or that of queries is used while <see cref="QueryKeyChannels"/> is null.
    /// </summary>
    [JsonPropertyName("cross_attention_shape_for_attention")]
    public string CrossAttentionShape { get; init; } = "kv";

    /// <summary>Width of the self-attention's feed-forward layer as a multiple of the latents'.</summary>
    [JsonPropertyName("self_attention_widening_factor")]
    public int SelfAttentionWideningFactor { get; init; } = 1;

    /// <summary>Width of the cross-attention's feed-forward layer as a multiple of the latents'.</summary>
    [JsonPropertyName("cross_attention_widening_factor")]
    public int CrossAttentionWideningFactor { get; init; } = 1;

    /// <summary>Activation of the feed-forward layers, by the reference's name ("gelu", "relu", "silu", ...).</summary>
    [JsonPropertyName("hidden_act")]
    public string HiddenActivation { get; init; } = "gelu";

    /// <summary>
    /// Activation of the feed-forward layers as a function, which goes before <see cref="HiddenActivation"/>; null, the default, for that
    /// name. It gets a tensor and returns one of the same shape, in a dispose scope that is the layer's. No file has it: config.json keeps
    /// the name, so who loads the model gives the function again (<c>checkpoint.Load(c => new PerceiverForMaskedLM(c with { ... }))</c>).
    /// Stages refuse it. In the reference <c>hidden_act</c> is a name or a function.
    /// </summary>
    [JsonIgnore]
    public Func<Tensor, Tensor>? HiddenActivationFunction { get; init; }

    /// <summary>Dropout of the attention probabilities in training, from 0 to 1.</summary>
    [JsonPropertyName("attention_probs_dropout_prob")]
    public double AttentionDropout { get; init; } = 0.1;

    /// <summary>Standard deviation of the truncated normal distribution that new weights are drawn from.</summary>
    [JsonPropertyName("initializer_range")]
    public double InitializerRange { get; init; } = 0.02;

    /// <summary>Only kept for the file; the reference ignores it, and so does this library.</summary>
    [JsonPropertyName("layer_norm_eps")]
    public double LayerNormEpsilon { get; init; } = 1e-12;

    /// <summary>Whether the encoder's cross-attention adds its query to its result.</summary>
    [JsonPropertyName("use_query_residual")]
    public bool UseQueryResidual { get; init; } = true;

    /// <summary>Number of token ids of the text models.</summary>
    [JsonPropertyName("vocab_size")]
    public int VocabularySize { get; init; } = 262;

    /// <summary>Longest text in tokens, and the number of positions a masked language model has logits for.</summary>
    [JsonPropertyName("max_position_embeddings")]
    public int MaxPositionEmbeddings { get; init; } = 2048;

    /// <summary>Height and width of the images of the image classifier with learnt positions, in pixels.</summary>
    [JsonPropertyName("image_size")]
    public int ImageSize { get; init; } = 56;

    /// <summary>Height and width of the frames of the optical-flow model, in pixels.</summary>
    [JsonPropertyName("train_size")]
    public IReadOnlyList<int> TrainSize { get; init; } = [368, 496];

    /// <summary>Frames of the multimodal model.</summary>
    [JsonPropertyName("num_frames")]
    public int NumFrames { get; init; } = 16;

    /// <summary>Audio samples for each frame of the multimodal model.</summary>
    [JsonPropertyName("audio_samples_per_frame")]
    public int AudioSamplesPerFrame { get; init; } = 1920;

    /// <summary>Audio samples in a patch of the multimodal model.</summary>
    [JsonPropertyName("samples_per_patch")]
    public int SamplesPerPatch { get; init; } = 16;

    /// <summary>Batch, frames, height and width of the multimodal model's video.</summary>
    [JsonPropertyName("output_shape")]
    public IReadOnlyList<int> OutputShape { get; init; } = [1, 16, 224, 224];

    /// <summary>Width of the multimodal decoder's output.</summary>
    [JsonPropertyName("output_num_channels")]
    public int OutputNumChannels { get; init; } = 512;

    /// <summary>Width of the multimodal model's trainable label position.</summary>
    [JsonPropertyName("_label_trainable_num_channels")]
    public int LabelTrainableNumChannels { get; init; } = 1024;

    /// <summary>Whether the models return attention probabilities by default. The value false is not written to the file.</summary>
    [JsonPropertyName("output_attentions")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool OutputAttentions { get; init; }

    /// <summary>Whether the models return the latents of every layer by default. The value false is not written to the file.</summary>
    [JsonPropertyName("output_hidden_states")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool OutputHiddenStates { get; init; }

    /// <summary>The reference class the weights belong to, e.g. "PerceiverForMaskedLM".</summary>
    [JsonPropertyName("architectures")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Architectures { get; init; }

    /// <summary>The name of each label by its index; null for two labels without names.</summary>
    [JsonPropertyName("id2label")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<int, string>? IdToLabel { get; init; }

    /// <summary>The index of each label by its name.</summary>
    [JsonPropertyName("label2id")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, int>? LabelToId { get; init; }

    /// <summary>
    /// "regression", "single_label_classification" or "multi_label_classification"; null until the first labels decide it.
    /// </summary>
    [JsonPropertyName("problem_type")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ProblemType { get; init; }

    /// <summary>
    /// The mean of each label that a regression was trained on; null for a model that gives numbers as they are. Such a model's own numbers
    /// are standardised, and <c>PerceiverClassifier.InLabelUnits</c> gives them in the labels' unit. Not of the reference, which
    /// ignores the key.
    /// </summary>
    [JsonPropertyName("label_means")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double>? LabelMeans { get; init; }

    /// <summary>The standard deviation of each label that a regression was trained on, as <see cref="LabelMeans"/>.</summary>
    [JsonPropertyName("label_deviations")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double>? LabelDeviations { get; init; }

    /// <summary>
    /// Numbers of a text's vector of <c>PerceiverForSentenceEmbedding</c>; null for <see cref="LatentChannels"/>. Not of the reference,
    /// which ignores the key.
    /// </summary>
    [JsonPropertyName("embedding_size")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? EmbeddingSize { get; init; }

    /// <summary>
    /// What <c>PerceiverForSentenceEmbedding</c> makes a text's vector of: "mean" for the mean of the latents, "query" for what one
    /// trainable query finds in them; null for "mean". Not of the reference, which ignores the key.
    /// </summary>
    [JsonPropertyName("sentence_pooling")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? SentencePooling { get; init; }

    /// <summary>
    /// How many boxes <c>PerceiverForObjectDetection</c> gives of an image, and so how many objects it finds at most; null for 100, as in
    /// the reference's DETR, whose key it is. The reference's Perceiver ignores it.
    /// </summary>
    [JsonPropertyName("num_queries")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? NumQueries { get; init; }

    /// <summary>
    /// The runs of tokens that a text model looks up besides single tokens; null for none, as in the reference, which ignores the key.
    /// </summary>
    [JsonPropertyName("ngrams")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PerceiverNgrams? Ngrams { get; init; }

    /// <summary>The inputs and outputs of <c>PerceiverForArray</c>; null for the other heads.</summary>
    [JsonPropertyName("array")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PerceiverArraySettings? Array { get; init; }

    /// <summary>
    /// "perceiver"; in the files of <c>PerceiverForArray</c>, which the reference does not have, "perceiver_array", so that Hugging Face's
    /// loaders say that they do not know it.
    /// </summary>
    [JsonPropertyName("model_type")]
    public string ModelType { get; init; } = ReferenceModelType;

    /// <summary>Keys of the file that have no property here, kept as they were.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement> OtherKeys { get; init; } = [];

    /// <summary>Number of labels: that of <see cref="IdToLabel"/>, else the file's <c>num_labels</c>, else 2.</summary>
    [JsonIgnore]
    public int NumLabels =>
        IdToLabel?.Count
        ?? (OtherKeys.TryGetValue("num_labels", out var n) && n.ValueKind == JsonValueKind.Number && n.TryGetInt32(out int labels)
            ? labels
            : 2);

    /// <summary>The names of the labels in the order of their indices; LABEL_0, LABEL_1, ... where the file has none.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> LabelNames =>
        Enumerable.Range(0, NumLabels)
            .Select(i => IdToLabel is { } names && names.TryGetValue(i, out string? name) ? name : $"LABEL_{i}")
            .ToArray();

    /// <summary>
    /// The same configuration with a number of labels that have no names, which are then LABEL_0, LABEL_1, ... (the reference's
    /// <c>num_labels</c>).
    /// </summary>
    /// <param name="count">The number of labels.</param>
    /// <returns>A copy of the configuration with other labels.</returns>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive, or more than 1,048,576.</exception>
    public PerceiverConfig WithLabels(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, PerceiverConfigLimits.Rows);
        var others = new Dictionary<string, JsonElement>(OtherKeys) { ["num_labels"] = JsonSerializer.SerializeToElement(count) };
        var labelled = this with { IdToLabel = null, LabelToId = null, OtherKeys = others };
        return labelled.LabelNames.SequenceEqual(LabelNames, StringComparer.Ordinal)
            ? labelled
            : labelled with { LabelMeans = null, LabelDeviations = null };
    }

    /// <summary>The same configuration with these labels, in this order.</summary>
    /// <param name="names">At least one name, each different from the others.</param>
    /// <returns>A copy of the configuration with other labels.</returns>
    /// <exception cref="ArgumentException">No name, or one twice.</exception>
    public PerceiverConfig WithLabels(IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        if (names.Count == 0)
            throw new ArgumentException("A model needs at least one label.", nameof(names));
        var toId = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < names.Count; i++)
        {
            if (!toId.TryAdd(names[i], i))
                throw new ArgumentException($"The label '{names[i]}' stands twice, at {toId[names[i]]} and {i}.", nameof(names));
        }

        var others = new Dictionary<string, JsonElement>(OtherKeys);
        others.Remove("num_labels");
        var toLabel = names.Select((n, i) => (n, i)).ToDictionary(x => x.i, x => x.n);
        // Other labels have another unit.
        var (means, deviations) = names.SequenceEqual(LabelNames, StringComparer.Ordinal) ? (LabelMeans, LabelDeviations) : (null, null);
        var labelled = this with { IdToLabel = toLabel, LabelToId = toId, OtherKeys = others };
        return labelled with { LabelMeans = means, LabelDeviations = deviations };
    }

    /// <summary>Checks that a model can be built from these numbers, each of which has a limit far above the published models'.</summary>
    /// <exception cref="ArgumentException">A number is out of range, or two do not fit each other; the message names the key.</exception>
    public void Validate() => PerceiverConfigChecks.Check(this);

    /// <summary>Reads a configuration from the text of a <c>config.json</c>; keys that are missing take their defaults.</summary>
    /// <param name="json">The file's text.</param>
    /// <returns>The configuration.</returns>
    /// <exception cref="FormatException">The text is no configuration.</exception>
    public static PerceiverConfig FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return PerceiverConfigJson.Parse(json, FileName);
    }

    /// <summary>Reads a <c>config.json</c>.</summary>
    /// <param name="path">The file, or its folder.</param>
    /// <returns>The configuration.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FormatException">The file is damaged or belongs to another kind of model.</exception>
    public static PerceiverConfig FromFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string file = Directory.Exists(path) ? Path.Combine(path, FileName) : path;
        if (!File.Exists(file))
            throw new FileNotFoundException($"There is no configuration at '{file}'.", file);
        return PerceiverConfigJson.Parse(SmallFile.ReadText(file), file);
    }

    /// <summary>The text of a <c>config.json</c> that Hugging Face's <c>PerceiverConfig.from_pretrained</c> reads.</summary>
    /// <returns>JSON, indented.</returns>
    public string ToJson() => PerceiverConfigJson.Write(this);
}
