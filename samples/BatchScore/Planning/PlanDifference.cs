using System.Text.Json;
using BatchScore.Inputs;

namespace BatchScore.Planning;

/// <summary>What tells two jobs apart.</summary>
internal static class PlanDifference
{
    /// <summary>The first option that differs; null where none does.</summary>
    /// <param name="before">The plan's.</param>
    /// <param name="now">What is asked for.</param>
    public static string? Of(JobOptions before, JobOptions now)
    {
        var (old, asked) = (JsonSerializer.SerializeToElement(before), JsonSerializer.SerializeToElement(now));
        foreach (var property in old.EnumerateObject())
        {
            string was = property.Value.GetRawText(), value = asked.GetProperty(property.Name).GetRawText();
            if (was != value)
                return $"{property.Name} is {value} and was {was}";
        }

        return null;
    }

    /// <summary>The first input that differs; null where none does.</summary>
    /// <param name="before">The plan's.</param>
    /// <param name="now">What is asked for.</param>
    public static string? Of(IReadOnlyList<InputFile> before, IReadOnlyList<InputFile> now)
    {
        foreach (var (old, asked) in before.Zip(now))
        {
            if (old.DifferenceFrom(asked) is { } difference)
                return difference;
        }

        if (before.Count == now.Count)
            return null;
        string one = now.Count > before.Count ? $"'{now[before.Count].Name}' is new" : $"'{before[now.Count].Name}' is missing";
        return $"there are {now.Count} inputs and were {before.Count}, {one}";
    }
}
