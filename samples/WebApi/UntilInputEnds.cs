namespace WebApi;

/// <summary>Ends a program that another one started, where that one has ended, in whatever way.</summary>
internal static class UntilInputEnds
{
    /// <summary>Waits for the program's own end, or that of its standard input.</summary>
    /// <param name="serving">Ends where the program is told to stop.</param>
    /// <param name="watchesInput">Whether the input counts.</param>
    public static async Task WaitAsync(Task serving, bool watchesInput)
    {
        if (watchesInput)
            await Task.WhenAny(serving, Task.Run(() => Console.OpenStandardInput().CopyTo(Stream.Null)));
        else
            await serving;
    }
}
