namespace Microsoft.ML.Perceiver.Tests.Architecture;

/// <summary>
/// The floors of the houses, read from docs/architecture.md: a code block that begins with <c>```floors</c>, in which each house is a
/// line that ends with a colon, each floor an indented line below it, from the ground up, and each room a word of such a line.
/// </summary>
internal sealed class Floors
{
    private readonly List<Room> _rooms = [];

    private Floors()
    {
    }

    /// <summary>A folder, or files at the root of a house, and where it stands.</summary>
    private sealed record Room(string Path, int House, int Floor);

    internal static Floors Read() => Parse(File.ReadAllLines(Path.Combine(SourceMap.Root, "docs", "architecture.md")));

    internal static Floors Parse(IEnumerable<string> page)
    {
        var floors = new Floors();
        string house = "";
        int houses = 0, floor = 0;
        foreach (string line in page.SkipWhile(l => l != "```floors").Skip(1).TakeWhile(l => l != "```"))
        {
            if (line.EndsWith(':'))
            {
                house = line[..^1];
                houses++;
                floor = 0;
                floors._rooms.Add(new Room(house + "/", houses, int.MaxValue));
                continue;
            }

            floor++;
            foreach (string room in line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                floors._rooms.Add(new Room($"{house}/{room}/", houses, floor));
        }

        return floors._rooms.Count > 0 ? floors : throw new InvalidOperationException("docs/architecture.md has no floors.");
    }

    /// <summary>Whether a file may use another: in its own room, on a lower floor, or in a house named before its own.</summary>
    internal bool Allows(Arrow arrow)
    {
        var (from, to) = (Find(arrow.From), Find(arrow.To));
        return from == to || (from.House == to.House ? to.Floor < from.Floor : to.House < from.House);
    }

    /// <summary>The declared folders.</summary>
    internal IEnumerable<string> Rooms => _rooms.Select(r => r.Path);

    // The longest path that fits; the house itself for files at its root.
    private Room Find(string file) => _rooms.Where(r => file.StartsWith(r.Path, StringComparison.Ordinal)).MaxBy(r => r.Path.Length)
        ?? throw new InvalidOperationException($"{file} is in no room that docs/architecture.md names.");
}
