using Microsoft.Extensions.Logging;
using Microsoft.ML.Runtime;
using TorchSharp;

namespace Microsoft.ML.Perceiver;

/// <summary>Loads a model as its options say, and makes its engines.</summary>
/// <param name="label">The model, for messages.</param>
/// <param name="path">The model's file; null for another source.</param>
/// <param name="options">The options, which were checked.</param>
/// <param name="logger">Gets ML.NET's warnings.</param>
internal sealed class ModelLoader<TInput, TOutput>(
    string label,
    string? path,
    PerceiverPoolOptions<TInput, TOutput> options,
    ILogger logger)
    where TInput : class
    where TOutput : class, new()
{
    private readonly ModelSource _source = path is null ? options.Source! : ModelSource.OfFile(path);

    /// <summary>Where the model comes from, for messages.</summary>
    internal string Description { get; } = path is null ? "its source" : $"'{path}'";

    /// <summary>Loads the model; its engines take no requests yet.</summary>
    internal EngineGroup<TInput, TOutput> Load(RequestQueue<TInput, TOutput> queue)
    {
        TorchRuntime.EnsureLoaded();
        // Before the engines' threads begin, which compute with the number that is set then. A thread for each processor in each engine
        // would only get in the others' way.
        torch.set_num_threads(options.ThreadsPerEngine ?? Math.Max(1, Environment.ProcessorCount / options.Engines));
        var context = options.CreateContext?.Invoke() ?? NewContext();
        return new EngineGroup<TInput, TOutput>(context, _source.Load(context), _source.IsOwned, queue, options);
    }

    private MLContext NewContext()
    {
        var context = new MLContext();
        context.Log += (_, e) =>
        {
            var level = e.Kind switch
            {
                ChannelMessageKind.Error => LogLevel.Error,
                ChannelMessageKind.Warning => LogLevel.Warning,
                ChannelMessageKind.Info => LogLevel.Debug,
                _ => LogLevel.None,
            };
            if (level != LogLevel.None)
                ServingLog.Channel(logger, level, label, e.Source, e.RawMessage);
        };
        return context;
    }
}
