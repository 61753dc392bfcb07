using static Microsoft.ML.Perceiver.Tests.Training.TinyRun;

namespace Microsoft.ML.Perceiver.Tests.Training;

/// <summary>Run folders in which something is broken.</summary>
[TestClass]
public sealed class RunDamageTests
{
    [TestMethod]
    [DataRow("model.safetensors")]
    [DataRow("optimizer.safetensors")]
    [DataRow("state.json")]
    public void A_damaged_checkpoint_is_passed_over_with_a_warning(string file)
    {
        using var folder = new TemporaryFolder();
        string latest = Stopped(folder);
        Damage(Path.Combine(latest, file));
        var (first, warnings) = GoesOn(folder);
        Assert.HasCount(1, warnings);
        StringAssert.Contains(warnings[0], latest);
        Assert.AreEqual(9, first, "it goes on from the checkpoint before, of step 8");
    }

    [TestMethod]
    [DataRow("Step")]
    [DataRow("Batch")]
    [DataRow("OrderKey")]
    [DataRow("LossSum")]
    public void A_digit_of_the_state_that_changed_is_seen(string property)
    {
        using var folder = new TemporaryFolder();
        string latest = Stopped(folder);
        string state = Path.Combine(latest, "state.json");
        string text = File.ReadAllText(state);
        int digit = text.IndexOf($"\"{property}\": ", StringComparison.Ordinal) + property.Length + 4;
        File.WriteAllText(state, text.Remove(digit, 1).Insert(digit, text[digit] == '2' ? "3" : "2"));
        var (first, warnings) = GoesOn(folder);
        Assert.HasCount(1, warnings);
        StringAssert.Contains(warnings[0], "state.json");
        Assert.AreEqual(9, first);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void The_latest_checkpoint_is_taken_whatever_the_one_before_is(bool missing)
    {
        using var folder = new TemporaryFolder();
        Stopped(folder);
        string state = folder["parts/checkpoints/00000008/state.json"];
        if (missing)
            File.Delete(state);
        else
            Damage(state);
        var (first, warnings) = GoesOn(folder);
        Assert.IsEmpty(warnings);
        Assert.AreEqual(11, first);
    }

    [TestMethod]
    public void Damaged_best_weights_are_taken_from_where_people_find_them()
    {
        using var folder = new TemporaryFolder();
        Stopped(folder);
        Damage(Directory.GetFiles(folder["parts/checkpoints"], "best-*").Max(StringComparer.Ordinal)!);
        var (first, warnings) = GoesOn(folder);
        Assert.HasCount(1, warnings);
        StringAssert.Contains(warnings[0], "best weights");
        Assert.AreEqual(11, first);
    }

    [TestMethod]
    public void Best_weights_that_are_damaged_between_checkpoints_are_not_taken_for_whole()
    {
        using var folder = new TemporaryFolder();
        Train(Options with
        {
            RunFolder = folder["parts"],
            Progress = p =>
            {
                if (p.Step == 9)
                    Damage(Directory.GetFiles(folder["parts/checkpoints"], "best-*").Max(StringComparer.Ordinal)!);
                if (p.Step == 10)
                    p.Stop();
            },
        });
        var (first, warnings) = GoesOn(folder);
        Assert.HasCount(1, warnings);
        Assert.AreEqual(11, first);
    }

    [TestMethod]
    public void Damaged_best_weights_without_another_copy_are_not_taken_up()
    {
        using var folder = new TemporaryFolder();
        Stopped(folder);
        Damage(folder["parts/best/model.safetensors"]);
        foreach (string best in Directory.GetFiles(folder["parts/checkpoints"], "best-*"))
            Damage(best);
        // Both checkpoints are passed over.
        var (first, warnings) = GoesOn(folder);
        Assert.HasCount(2, warnings);
        Assert.AreEqual(1, first);
    }

    [TestMethod]
    public void Everything_is_lost_but_the_training_begins_anew()
    {
        using var folder = new TemporaryFolder();
        var options = Options with { RunFolder = folder["run"], Epochs = 1, EvaluateEverySteps = null };
        Train(options with { Progress = p => { if (p.Step == 3) p.Stop(); } });
        foreach (string checkpoint in Directory.GetDirectories(folder["run/checkpoints"]))
            File.Delete(Path.Combine(checkpoint, "state.json"));
        var log = new CollectingLogger();
        var (_, weights) = Train(options with { Logger = log });
        Assert.HasCount(1, log.Warnings);
        AssertSame(Train(options with { RunFolder = null }).Weights, weights);
    }

    /// <summary>Trains ten steps; there are checkpoints of the eighth and the tenth.</summary>
    /// <returns>The latest.</returns>
    [TestMethod]
    [DataRow("""{"Run":1,"Run":1}""")]
    [DataRow("""{"Run":{"a":[{"b":1,"b":2}]}}""")]
    public void Settings_in_which_a_property_is_there_twice_are_damaged(string settings)
    {
        using var folder = new TemporaryFolder();
        Stopped(folder);
        File.WriteAllText(folder["parts/config.json"], settings);
        var (first, warnings) = GoesOn(folder);
        Assert.HasCount(1, warnings);
        StringAssert.Contains(warnings[0], "config.json' is damaged");
        Assert.AreEqual(11, first);
    }

    private static string Stopped(TemporaryFolder folder)
    {
        Train(Options with { RunFolder = folder["parts"], Progress = p => { if (p.Step == 10) p.Stop(); } });
        string latest = LatestCheckpoint(folder["parts"]);
        StringAssert.EndsWith(latest, "00000010");
        return latest;
    }

    /// <summary>Trains to the end, which must be that of a training that nothing happened to.</summary>
    private static (long FirstStep, IReadOnlyList<string> Warnings) GoesOn(TemporaryFolder folder)
    {
        var log = new CollectingLogger();
        long first = 0;
        var (_, weights) = Train(Options with
        {
            RunFolder = folder["parts"],
            Logger = log,
            Progress = p => first = first == 0 ? p.Step : first,
        });
        AssertSame(Train(Options).Weights, weights);
        return (first, log.Warnings);
    }

    private static void Damage(string file)
    {
        using var stream = File.OpenWrite(file);
        stream.Seek(stream.Length / 2, SeekOrigin.Begin);
        stream.Write("\0\0damaged"u8);
    }
}
