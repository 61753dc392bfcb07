using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.ML.Perceiver.Extensions.Tests;

/// <summary>How many requests wait, and how they end.</summary>
[TestClass]
public sealed class QueueTests
{
    [TestMethod]
    [DataRow(0)]
    [DataRow(2)]
    public async Task A_full_queue_refuses_a_request_at_once(int mostWaiting)
    {
        using var gate = new Gate();
        var log = new CollectingLogger();
        await using var services = Gated(gate, mostWaiting, log);
        var pool = services.Pool();
        var running = pool.PredictAsync("running");
        await gate.NextAsync();
        var waiting = Enumerable.Range(0, mostWaiting).Select(i => pool.PredictAsync($"waiting {i}")).ToArray();
        Assert.IsTrue(pool.GetStatus().IsQueueFull);
        for (int i = 0; i < 3; i++)
        {
            var refused = pool.PredictAsync("refused");
            Assert.IsTrue(refused.IsFaulted);
            var error = await Assert.ThrowsExactlyAsync<PerceiverQueueFullException>(() => refused);
            StringAssert.Contains(error.Message, $"{mostWaiting} requests wait", StringComparison.Ordinal);
        }

        // A server that refuses many requests does not write as many lines.
        Assert.AreEqual(1, log.Warnings.Count(m => m.Contains("refused", StringComparison.Ordinal)));
        gate.Open();
        await running;
        await Task.WhenAll(waiting);
        Assert.AreEqual("done", (await pool.PredictAsync("next")).PredictedLabel);
        Assert.DoesNotContain("refused", gate.Entered);
    }

    [TestMethod]
    public async Task A_cancelled_request_is_dropped_and_its_place_is_free()
    {
        using var gate = new Gate();
        await using var services = Gated(gate, mostWaiting: 1);
        var pool = services.Pool();
        var running = pool.PredictAsync("running");
        await gate.NextAsync();
        using var cancellation = new CancellationTokenSource();
        var waiting = pool.PredictAsync(new TextInput { Text = "cancelled" }, cancellation.Token);
        Assert.AreEqual(1, pool.GetStatus().QueueLength);
        await cancellation.CancelAsync();
        var error = await Assert.ThrowsAsync<OperationCanceledException>(() => waiting);
        Assert.AreEqual(cancellation.Token, error.CancellationToken);
        Assert.AreEqual(0, pool.GetStatus().QueueLength);
        var next = pool.PredictAsync("next");
        gate.Open();
        await Task.WhenAll(running, next);
        CollectionAssert.AreEqual(new[] { "running", "next" }, gate.Entered.ToArray());
    }

    [TestMethod]
    public async Task Who_cancels_does_not_wait_for_the_engine()
    {
        using var gate = new Gate();
        await using var services = Gated(gate, mostWaiting: 1);
        var pool = services.Pool();
        using var cancellation = new CancellationTokenSource();
        var running = pool.PredictAsync(new TextInput { Text = "running" }, cancellation.Token);
        await gate.NextAsync();
        await cancellation.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => running);
        var cancelledBefore = pool.PredictAsync(new TextInput(), cancellation.Token);
        Assert.IsTrue(cancelledBefore.IsCanceled);
        var next = pool.PredictAsync("next");
        gate.Open();
        Assert.AreEqual("done", (await next).PredictedLabel);
    }

    [TestMethod]
    public async Task A_disposed_pool_completes_what_is_predicted_and_fails_what_waits()
    {
        using var gate = new Gate();
        var services = Gated(gate, mostWaiting: 5);
        var pool = services.Pool();
        var running = pool.PredictAsync("running");
        await gate.NextAsync();
        var waiting = pool.PredictAsync("waiting");
        var disposal = Task.Run(services.Dispose);
        await Assert.ThrowsExactlyAsync<ObjectDisposedException>(() => waiting);
        Assert.IsFalse(disposal.IsCompleted);
        gate.Open();
        await disposal;
        Assert.AreEqual("done", (await running).PredictedLabel);
        await Assert.ThrowsExactlyAsync<ObjectDisposedException>(() => pool.PredictAsync("late"));
        await Assert.ThrowsExactlyAsync<ObjectDisposedException>(() => pool.ReloadAsync());
        CollectionAssert.AreEqual(new[] { "running" }, gate.Entered.ToArray());
    }

    private static ServiceProvider Gated(Gate gate, int mostWaiting, CollectingLogger? log = null) => Services.Of(
        options =>
        {
            options.FromModel(context => ScriptedModel.Create(context, gate.Enter));
            (options.Engines, options.MaxQueueLength) = (1, mostWaiting);
        },
        log);
}
