using TorchSharp;

namespace Microsoft.ML.Perceiver.TestHost;

/// <summary>Loads libtorch in different ways and writes what came of it.</summary>
internal static class TorchCommand
{
    internal static void Run(string way)
    {
        var lines = new List<string>();
        TorchRuntime.Log += line =>
        {
            lock (lines)
                lines.Add(line);
        };
        switch (way)
        {
            case "armed":
                // No entry point of the library: the first tensor is the user's own.
                break;
            case "threads":
                Parallel.For(0, 16, new ParallelOptions { MaxDegreeOfParallelism = 16 }, _ => TorchRuntime.EnsureLoaded());
                break;
            case "twice":
                string first = Failure(TorchRuntime.EnsureLoaded);
                if (first != Failure(TorchRuntime.EnsureLoaded))
                    throw new InvalidOperationException("The second error is another.");
                throw new TorchRuntimeException(first);
            default:
                TorchRuntime.EnsureLoaded();
                break;
        }

        Console.WriteLine(torch.ones(3).sum().item<float>());
        Console.WriteLine(lines.Count);
        Console.WriteLine(TorchRuntime.Description);
    }

    private static string Failure(Action action)
    {
        try
        {
            action();
            return "";
        }
        catch (TorchRuntimeException e)
        {
            return e.Message;
        }
    }
}
