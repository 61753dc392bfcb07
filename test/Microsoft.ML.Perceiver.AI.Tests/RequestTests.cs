namespace Microsoft.ML.Perceiver.AI.Tests;

/// <summary>Many callers at once, cancellation, and the end of a generator.</summary>
[TestClass]
public sealed class RequestTests
{
    [TestMethod]
    public async Task Sixteen_callers_get_their_own_vectors()
    {
        static string[] TextsOf(int caller) => [.. Enumerable.Range(0, caller % 5 + 1).Select(k => $"text {caller * caller + k}")];
        string[][] texts = [.. Enumerable.Range(0, 16).Select(TextsOf)];
        var expected = texts.Select(t => TinySentences.Expected(t)).ToArray();
        var options = new PerceiverEmbeddingOptions { BatchSize = 4 }.FromCheckpoint(TinySentences.Checkpoint);
        using var generator = new PerceiverEmbeddingGenerator(options);
        await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(async () =>
        {
            for (int round = 0; round < 10; round++)
                TinySentences.AssertSame(expected[i], await generator.GenerateAsync(texts[i]));
        })));
    }

    [TestMethod]
    public async Task A_request_that_is_cancelled_ends_and_its_other_texts_are_left_out()
    {
        var options = new PerceiverEmbeddingOptions { BatchSize = 8 }.FromCheckpoint(TinySentences.Checkpoint);
        using var generator = new PerceiverEmbeddingGenerator(options);
        using var cancellation = new CancellationTokenSource();
        string[] many = [.. Enumerable.Range(0, 200_000).Select(i => $"text {i}")];
        var running = generator.GenerateAsync(many, cancellationToken: cancellation.Token);
        // It is being computed once another request, which shares its turns, is done.
        await generator.GenerateAsync(["call now"]);
        Assert.IsFalse(running.IsCompleted);
        await cancellation.CancelAsync();
        var error = await Assert.ThrowsAsync<OperationCanceledException>(() => running);
        Assert.AreEqual(cancellation.Token, error.CancellationToken);
        TinySentences.AssertSame(TinySentences.Expected("x"), await generator.GenerateAsync(["x"]));
        await Assert.ThrowsAsync<OperationCanceledException>(() => generator.GenerateAsync(["x"], cancellationToken: cancellation.Token));
    }

    [TestMethod]
    public async Task Disposing_fails_what_waits_and_what_comes_afterwards()
    {
        var generator = new PerceiverEmbeddingGenerator(TinySentences.Checkpoint);
        var transformer = generator.GetService(typeof(PerceiverSentenceEmbeddingTransformer)) as PerceiverSentenceEmbeddingTransformer;
        string[] many = [.. Enumerable.Range(0, 200_000).Select(i => $"text {i}")];
        var waiting = generator.GenerateAsync(many);
        generator.Dispose();
        await Assert.ThrowsExactlyAsync<ObjectDisposedException>(() => waiting);
        await Assert.ThrowsExactlyAsync<ObjectDisposedException>(() => generator.GenerateAsync(["x"]));
        var rows = new MLContext().Data.LoadFromEnumerable([new { Text = "" }]);
        Assert.ThrowsExactly<ObjectDisposedException>(() => transformer!.Transform(rows));
        generator.Dispose();
    }

    [TestMethod]
    public void A_batch_has_texts_of_like_length_and_a_long_request_lets_others_pass()
    {
        var queue = new EmbeddingQueue(batchSize: 3, "generator");
        var big = new EmbeddingRequest(["4444", "1", "333", "22", "55555"], [4, 1, 3, 2, 5]);
        var small = new EmbeddingRequest(["a", "b"], [1, 1]);
        var cancelled = new EmbeddingRequest(["never"], [5]);
        queue.Add(big);
        queue.Add(cancelled);
        queue.Add(small);
        cancelled.Cancel(new CancellationToken(canceled: true));
        Assert.AreEqual("1 22 333", string.Join(' ', queue.Take()!.Select(text => text.Text)));
        Assert.AreEqual("a b 4444", string.Join(' ', queue.Take()!.Select(text => text.Text)));
        var last = queue.Take()!.Single();
        Assert.AreEqual(("55555", 4, big), (last.Text, last.Place, last.Request));
        queue.Close();
        Assert.IsNull(queue.Take());
        Assert.ThrowsExactly<ObjectDisposedException>(() => queue.Add(small));
    }
}
