using BatchScore.Inputs;
using BatchScore.Planning;
using BatchScore.Running;
using BatchScore.Scoring;

namespace Microsoft.ML.Perceiver.BatchScore.Tests;

/// <summary>A job in this process, or the command line of one.</summary>
/// <param name="model">The model.</param>
/// <param name="inputs">The inputs.</param>
/// <param name="folder">The job's folder.</param>
internal sealed class TestJob(string model, string[] inputs, string folder)
{
    public OutFolder Folder { get; } = new(folder);

    public JobOptions Options { get; init; } = new() { ModelHash = "", Format = "lines" };

    public Plan Plan()
    {
        var (files, format) = InputFiles.Find(inputs, format: null, Folder.FullPath);
        return Planner.Ensure(Folder, model, Options with { ModelHash = Planner.Hash(model), Format = format }, files);
    }

    /// <summary>Scores all shards in this process.</summary>
    public Plan Score()
    {
        var plan = Plan();
        using var loaded = ScoringModel.Load(model, plan.Options, gpu: null);
        var scorer = new ShardScorer(Folder, plan, loaded, CancellationToken.None);
        foreach (var shard in plan.Shards)
            Assert.IsNotNull(scorer.TryScore(shard));
        return plan;
    }

    /// <summary>The lines of all outputs, without the header.</summary>
    public string[] Lines(Plan plan) =>
        [.. plan.Shards.SelectMany(shard => File.ReadLines(Folder.Output(shard.Number, "tsv")).Skip(1))];

    /// <summary>The header of the first output.</summary>
    public string Header() => File.ReadLines(Folder.Output(0, "tsv")).First();

    /// <summary>The command line of the job.</summary>
    public string[] Arguments(params string[] more) => ["--model", model, "--input", .. inputs, "--out", Folder.FullPath, .. more];
}
