namespace Microsoft.ML.Perceiver.TestHost;

/// <summary>Initialises with one folder after another (<c>-</c>: none named) and says what became of each.</summary>
internal static class InitializeCommand
{
    public static int Run(string[] directories)
    {
        foreach (var directory in directories)
        {
            try
            {
                TorchRuntime.Initialize(new TorchRuntimeOptions { LibTorchDirectory = directory == "-" ? null : directory });
                Console.WriteLine($"ok {LoadCommand.Compute()} {TorchRuntime.Description}");
            }
            catch (InvalidOperationException e)
            {
                Console.WriteLine($"{e.GetType().Name} {e.Message}");
            }
        }
        return 0;
    }
}
