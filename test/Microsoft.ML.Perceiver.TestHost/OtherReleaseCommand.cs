namespace Microsoft.ML.Perceiver.TestHost;

/// <summary>
/// Initialises where a libtorch of another release may be allowed, from a folder or (<c>-</c>) from where the environment says, and repeats
/// what was logged.
/// </summary>
internal static class OtherReleaseCommand
{
    public static int Run(bool isAllowed, string directory)
    {
        var logger = new CollectingLogger();
        TorchRuntime.Logger = logger;
        var options = new TorchRuntimeOptions
        {
            LibTorchDirectory = directory == "-" ? null : directory,
            AllowOtherRelease = isAllowed,
        };
        try
        {
            TorchRuntime.Initialize(options);
            Console.WriteLine($"sum {LoadCommand.Compute()}");
        }
        catch (TorchRuntimeException e)
        {
            Console.WriteLine(e.Message);
        }

        foreach (var (level, message) in logger.Entries)
            Console.WriteLine($"{level} {message}");
        return 0;
    }
}
