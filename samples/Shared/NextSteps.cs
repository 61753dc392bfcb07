namespace Samples;

/// <summary>What a user of a sample would do next.</summary>
internal static class NextSteps
{
    /// <summary>Writes a line for each step, unbroken, so that it can be copied. They are the last lines of a sample.</summary>
    /// <param name="steps">Commands, or lines of C#.</param>
    public static void Write(params string[] steps)
    {
        Console.WriteLine();
        foreach (string step in steps)
            Console.WriteLine($"Next: {step}");
    }

    /// <summary>The command that runs a sample from the folder of the repository.</summary>
    /// <param name="sample">The sample's name.</param>
    /// <param name="arguments">Its arguments; those with a space get quotes.</param>
    public static string Run(string sample, params string[] arguments)
    {
        string command = $"dotnet run -c Release --project samples/{sample}";
        return arguments.Length == 0 ? command : $"{command} -- {string.Join(' ', arguments.Select(Quote))}";
    }

    private static string Quote(string argument) => argument.Contains(' ', StringComparison.Ordinal) ? $"\"{argument}\"" : argument;
}
