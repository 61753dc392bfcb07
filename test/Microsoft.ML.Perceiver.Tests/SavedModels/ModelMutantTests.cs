using System.Diagnostics;
using System.Reflection;
using System.Text.Json.Nodes;

namespace Microsoft.ML.Perceiver.Tests.SavedModels;

/// <summary>
/// Damaged copies of the model file of every stage: each is refused, or predicts what the original does. Values that were put into its
/// settings are accepted, or refused by one kind of exception; nothing hangs.
/// </summary>
[TestClass]
public sealed class ModelMutantTests : IDisposable
{
    private static readonly string Models = Path.Combine(AppContext.BaseDirectory, "SavedModels", "0.1");

    private static readonly TimeSpan LongestLoad = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void A_hundred_changes_of_bytes_are_refused_or_change_nothing(bool hasHashes) => ChangeBytes(100, seed: 1, hasHashes);

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    [TestCategory("LongRunning")]
    public void A_thousand_changes_of_bytes_are_refused_or_change_nothing(bool hasHashes) => ChangeBytes(1000, seed: 2, hasHashes);

    [TestMethod]
    public void Two_hundred_changes_of_values_are_accepted_or_refused() => ChangeValues(200, seed: 1);

    [TestMethod]
    [TestCategory("LongRunning")]
    public void Four_thousand_changes_of_values_are_accepted_or_refused() => ChangeValues(4000, seed: 2);

    private void ChangeBytes(int count, int seed, bool hasHashes)
    {
        var originals = Originals(hasHashes);
        byte[][] bytes = [.. originals.Select(o => File.ReadAllBytes(o.Path))];
        var random = new Random(seed);
        int refused = 0;
        for (int trial = 0; trial < count; trial++)
        {
            int which = trial % originals.Length;
            string path = Path.Combine(Path.GetDirectoryName(originals[which].Path)!, "mutant.zip");
            byte[] mutant = ModelMutants.ChangeBytes(bytes[which], random);
            File.WriteAllBytes(path, mutant);
            JsonNode? found;
            try
            {
                found = Outputs(path, originals[which]);
            }
            catch (Exception e) when (e is not UnitTestAssertException)
            {
                // What ML.NET reads by itself has exceptions of all kinds.
                refused++;
                continue;
            }

            ColumnDump.AssertSame(originals[which].Expected, found, 1e-4, $"mutant {trial} of seed {seed} of {originals[which].Name}");
        }

        Assert.IsGreaterThan(count / 4, refused);
    }

    private void ChangeValues(int count, int seed)
    {
        var originals = Originals(hasHashes: true);
        var random = new Random(seed);
        var faults = new List<string>();
        for (int trial = 0; trial < count; trial++)
        {
            var original = originals[trial % originals.Length];
            string path = Path.Combine(Path.GetDirectoryName(original.Path)!, "mutant.zip");
            string change = ModelMutants.ChangeValue(original.Path, path, random);
            if (FaultOf(path, original) is { } fault)
                faults.Add($"{trial} {original.Name} {change}: {fault}");
        }

        Assert.IsEmpty(faults, string.Join(Environment.NewLine, faults));
    }

    // Null where the model loads and scores, or is refused as it should be.
    private static string? FaultOf(string path, Original original)
    {
        var context = new MLContext();
        ITransformer model;
        var watch = Stopwatch.StartNew();
        try
        {
            model = context.Model.Load(path, out _);
            if (watch.Elapsed > LongestLoad)
                return $"loading took {watch.Elapsed}";
        }
        catch (Exception e)
        {
            var error = e;
            while (error is TargetInvocationException { InnerException: { } inner })
                error = inner;
            if (watch.Elapsed > LongestLoad)
                return $"refusing took {watch.Elapsed}";
            bool names = error is FormatException && error.Message.Contains("entry '", StringComparison.Ordinal);
            return names || error is FileNotFoundException ? null : error.ToString();
        }

        try
        {
            using var owned = model as IDisposable;
            var scored = model.Transform(context.Data.LoadFromBinary(original.Input));
            ColumnDump.Of(scored, scored.Schema.Where(c => !c.IsHidden && original.Outputs.Contains(c.Name)).Select(c => c.Name));
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentOutOfRangeException { ParamName: "inputSchema" })
        {
            // A row that other settings do not allow, or a column that is not there.
            return null;
        }
        catch (Exception e)
        {
            return e.ToString();
        }
    }

    private static JsonNode? Outputs(string path, Original original)
    {
        var context = new MLContext();
        var model = context.Model.Load(path, out _);
        using var owned = model as IDisposable;
        var scored = model.Transform(context.Data.LoadFromBinary(original.Input));
        return JsonNode.Parse(ColumnDump.Of(scored, original.Outputs).ToJsonString());
    }

    // The kept models, as they are or saved again by this version.
    private Original[] Originals(bool hasHashes) =>
        [.. Directory.EnumerateDirectories(Models).Order(StringComparer.Ordinal).Select(source => Copy(source, hasHashes))];

    private Original Copy(string source, bool hasHashes)
    {
        string name = Path.GetFileName(source), path = Directory.CreateDirectory(_folder[name]).FullName;
        foreach (string file in Directory.EnumerateFiles(source))
            File.Copy(file, Path.Combine(path, Path.GetFileName(file)));
        string model = Path.Combine(path, SavedModelCase.Model);
        if (hasHashes)
            SaveAgain(model);
        string[] outputs =
        [
            .. JsonNode.Parse(File.ReadAllText(Path.Combine(path, SavedModelCase.Expected)))!.AsArray().Select(c => (string)c!["Name"]!),
        ];
        var original = new Original(name, model, Path.Combine(path, SavedModelCase.Input), outputs, null);
        return original with { Expected = Outputs(model, original) };
    }

    private static void SaveAgain(string path)
    {
        var context = new MLContext();
        var model = context.Model.Load(path, out var schema);
        using var owned = model as IDisposable;
        context.Model.Save(model, schema, path);
    }

    private sealed record Original(string Name, string Path, string Input, string[] Outputs, JsonNode? Expected);
}
