using AudioClassification;

namespace Microsoft.ML.Perceiver.Tests.Samples;

/// <summary>What samples/AudioClassification holds out.</summary>
[TestClass]
public sealed class PromptSetTests
{
    [TestMethod]
    public void A_name_is_in_one_part_whatever_the_label()
    {
        using var folder = new TemporaryFolder();
        GeneratedSounds.Write(folder.Path);
        var set = PromptSet.Read(folder.Path);
        string[] train = Names(set.Train), validation = Names(set.Validation), test = Names(set.Test);
        Assert.HasCount(60, train.Concat(validation).Concat(test).Distinct());
        Assert.HasCount(12, test);
        Assert.HasCount(5, validation);
        Assert.IsEmpty(test.Intersect(train.Concat(validation)));
        Assert.IsEmpty(validation.Intersect(train));
        foreach (var part in new[] { set.Train, set.Validation, set.Test })
            CollectionAssert.AreEqual(new[] { "noise", "pulse", "saw", "sine", "square" }, part.Select(p => p.Label).Distinct().ToArray());
        foreach (var prompt in set.Test)
            Assert.IsNotEmpty(WaveDecoder.Decode(File.ReadAllBytes(prompt.Path), 8000));
    }

    [TestMethod]
    public void Sounds_without_words_are_left_out_and_too_few_are_refused()
    {
        using var folder = new TemporaryFolder();
        GeneratedSounds.Write(folder.Path);
        int before = Count();
        Directory.CreateDirectory(Path.Combine(folder.Path, "sine", "silence"));
        File.Copy(Path.Combine(folder.Path, "sine", "00.wav"), Path.Combine(folder.Path, "sine", "silence", "1.wav"));
        File.Copy(Path.Combine(folder.Path, "sine", "00.wav"), Path.Combine(folder.Path, "sine", "beeperr.wav"));
        File.WriteAllBytes(Path.Combine(folder.Path, "sine", "short.wav"), new byte[1000]);
        Assert.AreEqual(before, Count());
        var error = Assert.ThrowsExactly<FormatException>(() => PromptSet.Read(Path.Combine(folder.Path, "sine")));
        StringAssert.Contains(error.Message, "needs a folder for each of two labels at least");

        int Count()
        {
            var set = PromptSet.Read(folder.Path);
            return set.Train.Count + set.Validation.Count + set.Test.Count;
        }
    }

    private static string[] Names(IEnumerable<Prompt> prompts) => [.. prompts.Select(prompt => prompt.Name).Distinct()];
}
