using System.Runtime.CompilerServices;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Watches and ends the trainings of one context. A search lets others make the trainers (a sweepable pipeline, a factory of the user's);
/// what it has in its hands is the context it gives them, so its settings hang there. The trainers that are made from
/// <see cref="PerceiverSearchOptions"/> of that context while the scope lasts take part.
/// </summary>
public sealed class PerceiverTrialScope : IDisposable
{
    private static readonly ConditionalWeakTable<IHostEnvironment, PerceiverTrialScope> Scopes = [];
    private readonly IHostEnvironment _environment;
    private readonly Action<PerceiverTrainingProgress>? _progress;
    private readonly CancellationToken _cancellation;
    private readonly CancellationTokenRegistration _registration;
    private volatile bool _hasBegun;

    private PerceiverTrialScope(
        MLContext context, IHostEnvironment environment, Action<PerceiverTrainingProgress>? progress, CancellationToken cancellation)
    {
        _environment = environment;
        _progress = progress;
        _cancellation = cancellation;
        // The stages before a Perceiver know no token, only a context that was cancelled. The Perceiver itself leaves the context alive, so
        // that its model can be evaluated in it.
        _registration = cancellation.Register(() =>
        {
            if (!_hasBegun)
                MlNetInternals.Cancel(context);
        });
    }

    /// <summary>Begins to watch.</summary>
    /// <param name="context">The context of the trial.</param>
    /// <param name="progress">
    /// Called after each step and each evaluation; <see cref="PerceiverTrainingProgress.Stop"/> ends the training with its best weights.
    /// </param>
    /// <param name="cancellationToken">
    /// Ends the training with its best weights; one that has none yet throws. Before a training has begun, the context is cancelled.
    /// </param>
    /// <returns>What ends the watching when it is disposed.</returns>
    /// <exception cref="InvalidOperationException">Another scope watches the context.</exception>
    public static PerceiverTrialScope Begin(
        MLContext context, Action<PerceiverTrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        var environment = MlNetInternals.EnvironmentOf(context.Transforms);
        var scope = new PerceiverTrialScope(context, environment, progress, cancellationToken);
        if (Scopes.TryAdd(environment, scope))
            return scope;
        scope.Dispose();
        throw new InvalidOperationException("The context's trainings are watched already; a trial has a context of its own.");
    }

    /// <summary>A training of a context as its scope wants it.</summary>
    internal static PerceiverTrainingOptions Apply(IHostEnvironment environment, PerceiverTrainingOptions training) =>
        Scopes.TryGetValue(environment, out var scope)
            ? training with { Progress = scope.Report, CancellationToken = scope._cancellation }
            : training;

    /// <summary>Ends watching; trainers that were made before go on with it.</summary>
    public void Dispose()
    {
        _registration.Dispose();
        if (Scopes.TryGetValue(_environment, out var scope) && scope == this)
            Scopes.Remove(_environment);
    }

    private void Report(PerceiverTrainingProgress now)
    {
        _hasBegun = true;
        _progress?.Invoke(now);
    }
}
