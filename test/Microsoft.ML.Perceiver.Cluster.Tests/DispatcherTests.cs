using System.Diagnostics.Metrics;
using Cluster.Gateway;
using Cluster.Grains;
using Cluster.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.ML.Perceiver.Cluster.Tests;

/// <summary>Which answers and errors of a silo lead to another one.</summary>
[TestClass]
public sealed class DispatcherTests
{
    private static readonly Reply Busy = new() { Silo = "a", IsBusy = true };
    private static readonly Reply Done = new() { Silo = "b", Version = "1", Answers = [new Labels("ham", new() { ["ham"] = 1 })] };

    [TestMethod]
    public async Task A_silo_that_is_busy_or_gone_leads_to_the_next()
    {
        var calls = new Queue<Func<Task<Reply>>>(
        [
            () => Task.FromResult(Busy),
            () => Task.FromException<Reply>(new SiloUnavailableException("gone")),
            () => Task.FromException<Reply>(new TimeoutException("no response")),
            () => Task.FromResult(Done),
        ]);
        Assert.AreSame(Done, await Of(attempts: 4).AskAsync("text", _ => calls.Dequeue()(), default));
        Assert.IsEmpty(calls);
    }

    [TestMethod]
    public async Task Where_all_are_busy_the_answer_is_busy()
    {
        int calls = 0;
        var reply = await Of(attempts: 3).AskAsync("text", _ => Task.FromResult(++calls > 0 ? Busy : Done), default);
        Assert.AreEqual((Busy, 3), (reply, calls));
    }

    [TestMethod]
    public async Task Where_all_are_gone_the_last_cause_is_said()
    {
        int calls = 0;
        var error = await Assert.ThrowsExactlyAsync<NoAnswerException>(() => Of(attempts: 3).AskAsync(
            "text", _ => Task.FromException<Reply>(new SiloUnavailableException($"gone {++calls}")), default));
        Assert.IsFalse(error.IsTimeout);
        Assert.Contains("3 attempts", error.Message);
        Assert.Contains("gone 3", error.Message);
    }

    [TestMethod]
    public async Task An_error_of_the_request_is_not_tried_again()
    {
        int calls = 0;
        await Assert.ThrowsExactlyAsync<ArgumentException>(() => Of(attempts: 3).AskAsync(
            "text", _ => Task.FromException<Reply>(++calls > 0 ? new ArgumentException("too many") : null!), default));
        Assert.AreEqual(1, calls);
    }

    [TestMethod]
    public async Task A_silo_that_says_nothing_leads_to_the_next_and_is_told_to_stop()
    {
        CancellationToken first = default;
        int calls = 0;
        var dispatcher = Of(attempts: 3, attempt: TimeSpan.FromMilliseconds(50));
        var reply = await dispatcher.AskAsync("text", token => Call(token), default);
        Assert.AreSame(Done, reply);
        Assert.IsTrue(first.IsCancellationRequested);

        Task<Reply> Call(CancellationToken token)
        {
            if (++calls > 1)
                return Task.FromResult(Done);
            first = token;
            // It does not heed its token.
            return new TaskCompletionSource<Reply>().Task;
        }
    }

    [TestMethod]
    public async Task The_time_of_a_request_is_bounded()
    {
        var dispatcher = Of(attempts: 1000, attempt: TimeSpan.FromMilliseconds(30), total: TimeSpan.FromMilliseconds(150));
        var error = await Assert.ThrowsExactlyAsync<NoAnswerException>(() =>
            dispatcher.AskAsync("text", _ => new TaskCompletionSource<Reply>().Task, default));
        Assert.IsTrue(error.IsTimeout);
    }

    [TestMethod]
    public async Task A_client_that_has_gone_ends_the_attempts()
    {
        using var client = new CancellationTokenSource();
        int calls = 0;
        var asking = Of(attempts: 3).AskAsync(
            "text",
            async token =>
            {
                calls++;
                await client.CancelAsync();
                await Task.Delay(Timeout.Infinite, token);
                return Done;
            },
            client.Token);
        await Assert.ThrowsAsync<OperationCanceledException>(() => asking);
        Assert.AreEqual(1, calls);
    }

    private static Dispatcher Of(int attempts, TimeSpan? attempt = null, TimeSpan? total = null) => new(
        new GatewayMetrics(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>()),
        new GatewayOptions
        {
            Clustering = new Clustering(),
            MostAttempts = attempts,
            AttemptTimeout = attempt ?? TimeSpan.FromSeconds(60),
            Timeout = total ?? TimeSpan.FromSeconds(120),
        });
}
