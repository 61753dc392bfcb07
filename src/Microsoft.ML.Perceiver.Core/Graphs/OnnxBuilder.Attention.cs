namespace Microsoft.ML.Perceiver;

/// <content>Attention.</content>
internal sealed partial class OnnxBuilder
{
    /// <summary>Scaled dot-product attention of several heads.</summary>
    /// <param name="query">[batch or 1, queries, channels of all heads].</param>
    /// <param name="key">[batch, keys, channels of all heads].</param>
    /// <param name="value">[batch, keys, value channels of all heads].</param>
    /// <param name="heads">The number of heads.</param>
    /// <param name="bias">Added to the scores, [batch or 1, 1, queries or 1, keys]; null for none.</param>
    /// <returns>[batch, queries, value channels of all heads].</returns>
    internal OnnxValue Attention(OnnxValue query, OnnxValue key, OnnxValue value, int heads, OnnxValue? bias)
    {
        const string type = "MultiHeadAttention";
        Require(query.Rank == 3 && key.Rank == 3 && query[2] == key[2], type, "queries and keys differ", query, key);
        Require(value.Rank == 3 && key[0] == value[0] && key[1] == value[1], type, "keys and values differ", key, value);
        Require(query[0] == key[0] || query[0].Is(1), type, "the batches differ", query, key);
        return form.FusedAttention ? Fused(query, key, value, heads, bias) : Plain(query, key, value, heads, bias);
    }

    private OnnxValue Fused(OnnxValue query, OnnxValue key, OnnxValue value, int heads, OnnxValue? bias)
    {
        // The operator repeats neither queries nor a row of the bias.
        query = Expand(query, key[0], query[1], query[2]);
        var rows = bias is null ? null : Expand(bias, bias[0], bias[1], query[1], bias[3]);
        OnnxValue?[] inputs = rows is null ? [query, key, value] : [query, key, value, null, null, rows];
        OnnxDimension[] shape = [key[0], query[1], value[2]];
        return AddTo(
            OnnxOperators.RuntimeDomain,
            "MultiHeadAttention",
            OnnxElement.Float,
            shape,
            inputs,
            [Attribute("num_heads", (long)heads)]);
    }

    private OnnxValue Plain(OnnxValue query, OnnxValue key, OnnxValue value, int heads, OnnxValue? bias)
    {
        double channels = query[2].Factor / (double)heads;
        var scaled = Multiply(query, Scalar(1 / Math.Sqrt(channels)));
        var scores = MatMul(Heads(scaled, heads, 0, 2, 1, 3), Heads(key, heads, 0, 2, 3, 1));
        if (bias is not null)
            scores = Plus(scores, bias);
        var context = MatMul(Softmax(scores), Heads(value, heads, 0, 2, 1, 3));
        return Reshape(Transpose(context, 0, 2, 1, 3), context[0], context[2], value[2]);
    }

    private OnnxValue Heads(OnnxValue x, int heads, params IReadOnlyList<int> order)
    {
        Require(x[2].IsKnown && x[2].Factor % heads == 0, "Reshape", $"its channels are not those of {heads} heads", x);
        return Transpose(Reshape(x, x[0], x[1], heads, x[2].Factor / heads), order);
    }
}
