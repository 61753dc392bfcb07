using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData;

namespace Microsoft.ML.Perceiver.AI.Tests;

/// <summary>
/// A small vector store in memory, searched as those of Microsoft.Extensions.VectorData are. It has any embedding generator, and knows
/// nothing of Perceivers.
/// </summary>
/// <param name="generator">Gives texts their vectors.</param>
internal sealed class MemoryStore(IEmbeddingGenerator<string, Embedding<float>> generator) : IVectorSearchable<StoredText>
{
    private readonly List<StoredText> _records = [];

    /// <summary>Adds texts with their vectors.</summary>
    public async Task AddAsync(params string[] texts)
    {
        foreach (var (text, embedding) in await generator.GenerateAndZipAsync(texts))
            _records.Add(new StoredText(text, embedding.Vector));
    }

    public async IAsyncEnumerable<VectorSearchResult<StoredText>> SearchAsync<TInput>(
        TInput searchValue,
        int top,
        VectorSearchOptions<StoredText>? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
        where TInput : notnull
    {
        string query = searchValue as string ?? throw new NotSupportedException("The store is searched by texts.");
        var vector = await generator.GenerateVectorAsync(query, cancellationToken: cancellationToken);
        var found = _records
            .Select(record => new VectorSearchResult<StoredText>(record, Cosine(record.Vector.Span, vector.Span)))
            .OrderByDescending(result => result.Score)
            .Take(top);
        foreach (var result in found)
            yield return result;
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceType.IsInstanceOfType(this) ? this : null;

    private static double Cosine(ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        double sum = 0;
        for (int i = 0; i < first.Length; i++)
            sum += first[i] * second[i];
        return sum;
    }
}

/// <summary>A text in a store.</summary>
/// <param name="Text">The text.</param>
/// <param name="Vector">Its vector.</param>
internal sealed record StoredText(string Text, ReadOnlyMemory<float> Vector);
