using Cluster.Grains;
using Cluster.Serving;

namespace Cluster.Hosting;

/// <summary>Loads the models before the silo joins, and catches up with swaps that it missed.</summary>
internal sealed partial class ModelsService(SiloModels models, SiloOptions options, ILogger<ModelsService> logger)
    : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private Task _catchingUp = Task.CompletedTask;

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await models.ServeCurrentAsync();
        _catchingUp = Task.Run(CatchUpAsync, CancellationToken.None);
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _end.CancelAsync();
        await _catchingUp;
    }

    /// <inheritdoc/>
    public void Dispose() => _end.Dispose();

    private async Task CatchUpAsync()
    {
        using var timer = new PeriodicTimer(options.CatchUp);
        try
        {
            while (await timer.WaitForNextTickAsync(_end.Token))
                await TryAsync();
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }

    private async Task TryAsync()
    {
        try
        {
            await models.ServeCurrentAsync();
        }
        catch (Exception e) when (e is ModelSwapException or IOException or ArgumentException)
        {
            LogFailed(logger, e);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The version that the folder of models names cannot be served.")]
    private static partial void LogFailed(ILogger logger, Exception error);
}
