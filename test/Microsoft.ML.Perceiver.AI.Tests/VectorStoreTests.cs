using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.VectorData;

namespace Microsoft.ML.Perceiver.AI.Tests;

/// <summary>A vector store that gets its vectors from the bundled model of a container.</summary>
[TestClass]
public sealed class VectorStoreTests
{
    [TestMethod]
    public async Task A_store_in_memory_finds_a_text_itself_first_and_as_many_as_asked_for()
    {
        var collection = new ServiceCollection();
        collection.AddPerceiverEmbeddings();
        await using var services = collection.BuildServiceProvider();
        var store = new MemoryStore(services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>());
        string[] texts = ["How do I reset my PIN?", "When will my card arrive?", "The exchange rate was wrong.", "Somebody stole my phone"];
        await store.AddAsync(texts);

        foreach (string text in texts)
        {
            var found = await SearchAsync(store, text, top: 3);
            Assert.HasCount(3, found);
            Assert.AreEqual(text, found[0].Record.Text);
            Assert.AreEqual(1, found[0].Score!.Value, 1e-4);
            Assert.IsLessThan(0.9999, found[1].Score!.Value, "another text has another vector");
        }
    }

    // Of any store, as programs search it.
    private static async Task<List<VectorSearchResult<StoredText>>> SearchAsync<TStore>(TStore store, string text, int top)
        where TStore : IVectorSearchable<StoredText>
    {
        var found = new List<VectorSearchResult<StoredText>>();
        await foreach (var result in store.SearchAsync(text, top))
            found.Add(result);
        return found;
    }
}
