using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Encoded texts as the tensors that a model reads (the reference's <c>return_tensors="pt"</c>).</summary>
public sealed class PerceiverTextTensors : IDisposable
{
    private PerceiverTextTensors(Tensor inputIds, Tensor? attentionMask)
    {
        InputIds = inputIds;
        AttentionMask = attentionMask;
    }

    /// <summary>Token ids, int64 [batch, tokens].</summary>
    public Tensor InputIds { get; }

    /// <summary>1 for a token and 0 for padding, int64 [batch, tokens]; null where the encodings have no mask.</summary>
    public Tensor? AttentionMask { get; }

    /// <summary>Makes the tensors of encodings.</summary>
    /// <param name="encodings">One encoding at least, all of one length.</param>
    /// <param name="device">The device of the tensors; null for the CPU.</param>
    /// <returns>The tensors, [texts, tokens]; the caller disposes them.</returns>
    /// <exception cref="ArgumentException">
    /// There are no encodings, they have different lengths, or only some have an attention mask.
    /// </exception>
    public static PerceiverTextTensors Of(IReadOnlyList<PerceiverEncoding> encodings, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(encodings);
        if (encodings.Count == 0)
            throw new ArgumentException("There are no encodings to make tensors of.", nameof(encodings));
        int length = encodings[0].InputIds.Count;
        if (encodings.FirstOrDefault(e => e.InputIds.Count != length) is { } other)
        {
            throw new ArgumentException(
                $"Encodings have {length} and {other.InputIds.Count} ids; a tensor needs one length. Set "
                + $"{nameof(PerceiverEncodingOptions)}.{nameof(PerceiverEncodingOptions.Padding)}.",
                nameof(encodings));
        }

        int masks = encodings.Count(e => e.AttentionMask is not null);
        if (masks > 0 && masks < encodings.Count)
            throw new ArgumentException($"{masks} of {encodings.Count} encodings have an attention mask.", nameof(encodings));
        TorchRuntime.EnsureLoaded();
        device ??= CPU;
        var ids = Rows(encodings.Select(e => e.InputIds), encodings.Count, device);
        var mask = masks > 0 ? Rows(encodings.Select(e => e.AttentionMask!), encodings.Count, device) : null;
        return new PerceiverTextTensors(ids, mask);
    }

    /// <summary>Disposes the tensors.</summary>
    public void Dispose()
    {
        InputIds.Dispose();
        AttentionMask?.Dispose();
    }

    private static Tensor Rows(IEnumerable<IReadOnlyList<int>> rows, int count, Device device)
    {
        long[] values = [.. rows.SelectMany(row => row).Select(value => (long)value)];
        return tensor(values, [count, values.Length / count], device: device);
    }
}
