namespace Microsoft.ML.Perceiver.TestHost;

/// <summary>Tries to load three times, the last in another thread, and repeats the errors.</summary>
internal static class FailureCommand
{
    public static int Run()
    {
        Try();
        Try();
        var thread = new Thread(Try);
        thread.Start();
        thread.Join();
        Console.WriteLine($"description {TorchRuntime.Description ?? "none"}");
        return 0;
    }

    private static void Try()
    {
        try
        {
            TorchRuntime.EnsureLoaded();
            Console.WriteLine("loaded");
        }
        catch (TorchRuntimeException e)
        {
            Console.WriteLine(e.Message);
        }
    }
}
