using Microsoft.CodeAnalysis.CSharp;

namespace Microsoft.ML.Perceiver.Tests.Architecture;

/// <summary>The floors of docs/architecture.md are true: nothing uses what stands above or beside it.</summary>
[TestClass]
public sealed class FloorTests
{
    private const int LargestCircleOfFiles = 6;

    private static readonly Lazy<IReadOnlyDictionary<string, string>> Sources = new(SourceMap.ReadSources);
    private static readonly Lazy<CSharpCompilation> Compilation = new(() => SourceMap.Compile(Sources.Value));
    private static readonly Lazy<IReadOnlyList<Arrow>> Arrows = new(() => SourceMap.ArrowsOf(Compilation.Value));

    [TestMethod]
    public void Nothing_uses_what_stands_above_or_beside_it() => Assert.IsEmpty(Violations(Arrows.Value), Join(Violations(Arrows.Value)));

    [TestMethod]
    public void Folders_form_no_circle()
    {
        var circles = Circles.Find(Arrows.Value.Select(a => (FolderOf(a.From), FolderOf(a.To))));
        Assert.IsEmpty(circles, Join(circles.Select(c => string.Join(" <-> ", c))));
    }

    [TestMethod]
    public void Circles_of_files_are_small()
    {
        var circles = Circles.Find(Arrows.Value.Select(a => (a.From, a.To))).Where(c => c.Count > LargestCircleOfFiles).ToArray();
        Assert.IsEmpty(circles, Join(circles.Select(c => $"{c.Count} files: {string.Join(", ", c)}")));
    }

    [TestMethod]
    public void Every_room_has_files()
    {
        string[] empty = [.. Floors.Read().Rooms.Where(room => !Sources.Value.Keys.Any(f => f.StartsWith(room, StringComparison.Ordinal)))];
        Assert.IsEmpty(empty, Join(empty));
    }

    [TestMethod]
    [DataRow("src/Microsoft.ML.Perceiver.Core/Runtime/Wrong.cs", "PerceiverConfig", DisplayName = "up")]
    [DataRow("src/Microsoft.ML.Perceiver.Core/Imaging/Wrong.cs", "PerceiverTokenizerOptions", DisplayName = "sideways")]
    [DataRow("src/Microsoft.ML.Perceiver.Core/Training/Wrong.cs", "PerceiverFillMaskOptions", DisplayName = "into the next house")]
    public void A_wrong_arrow_is_found_with_its_file_line_and_symbol(string file, string symbol)
    {
        var tree = SourceMap.Parse(file, $"namespace Microsoft.ML.Perceiver;\ninternal sealed record Wrong({symbol} Value);\n");
        var found = Violations(SourceMap.ArrowsOf(Compilation.Value.AddSyntaxTrees(tree), tree)).Single();
        Assert.AreEqual((file, 2, symbol), (found.From, found.Line, found.Symbol));
    }

    [TestMethod]
    public void A_circle_of_folders_is_found()
    {
        var floors = Floors.Parse(["```floors", "src/House:", "  Ground", "  First", "```"]);
        const string first = "src/House/First/A.cs", ground = "src/House/Ground/B.cs";
        Arrow[] arrows = [new(first, 1, ground, "B"), new(ground, 1, first, "A")];
        Assert.HasCount(1, Circles.Find(arrows.Select(a => (FolderOf(a.From), FolderOf(a.To)))));
        Assert.AreEqual(arrows[1], arrows.Single(a => !floors.Allows(a)));
    }

    private static IReadOnlyList<Arrow> Violations(IReadOnlyList<Arrow> arrows)
    {
        var floors = Floors.Read();
        return [.. arrows.Where(a => !floors.Allows(a))];
    }

    private static string FolderOf(string file) => file[..file.LastIndexOf('/')];

    private static string Join<T>(IEnumerable<T> lines) => string.Join(Environment.NewLine, lines.Select(l => l!.ToString()).Prepend(""));
}
