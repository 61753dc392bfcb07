using Microsoft.ML.Perceiver.TestHost;

// What tests need a fresh process for: loading native libraries happens once in a process. One file per command; a
// command writes its findings to standard output, a line each, and returns the exit code.
return args switch
{
    ["touch"] => TouchCommand.Run(),
    ["load"] => LoadCommand.Run(),
    ["torch-first"] => TorchFirstCommand.Run(),
    ["torch-before", var directory] => TorchBeforeCommand.Run(directory),
    ["threads", var count] => ThreadsCommand.Run(int.Parse(count)),
    ["initialize", .. var directories] => InitializeCommand.Run(directories),
    ["other-release", var allowed, var directory] => OtherReleaseCommand.Run(bool.Parse(allowed), directory),
    ["memory", var keep] => MemoryCommand.Run(bool.Parse(keep)),
    ["bounded", var way, var path] => BoundedCommand.Run(way, path),
    ["failure"] => FailureCommand.Run(),
    ["train", var folder] => TrainCommand.Run(folder),
    ["recompute", var enabled] => RecomputeCommand.Run(bool.Parse(enabled)),
    ["frames", var height, var width] => FramesCommand.Run(int.Parse(height), int.Parse(width)),
    ["hub", var id, var endpoint, var cache] => HubCommand.Run(id, endpoint, cache),
    ["engines"] => EnginesCommand.Run(),
    ["device", var id, var fallback] => DeviceCommand.Run(id, bool.Parse(fallback)),
    ["transform", var model, var data, var output, .. var columns] => TransformCommand.Run(model, data, output, columns),
    _ => throw new ArgumentException($"Unknown command: {string.Join(' ', args)}"),
};
