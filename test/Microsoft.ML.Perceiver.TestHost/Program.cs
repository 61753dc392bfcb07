using Microsoft.ML.Perceiver.TestHost;

// A process of its own for what cannot be tested inside a test run. Exit code 0: done; 1: the error that stands on standard error.
try
{
    switch (args[0])
    {
        case "transform":
            TransformCommand.Run(args[1], args[2], args[3], args[4..]);
            break;
        case "torch":
            TorchCommand.Run(args[1]);
            break;
        default:
            throw new ArgumentException($"There is no command '{args[0]}'.");
    }

    return 0;
}
catch (Exception e)
{
    Console.Error.WriteLine($"{e.GetType().Name}: {e.Message}");
    return 1;
}
