using global::Samples;

namespace Microsoft.ML.Perceiver.Tests.Samples;

/// <summary>The page on which each letter of a text has the colour of its weight.</summary>
[TestClass]
public sealed class AttentionPageTests
{
    [TestMethod]
    public void The_strongest_letter_has_the_strongest_colour_and_letters_of_two_units_stay_whole()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "page.html");
        AttentionPage.Save(path, [("a<\U0001F600", "<spam>", [0.1f, 0, 0.4f, 0.1f, 0.1f, 0.3f])]);
        string page = File.ReadAllText(path);
        const string colour = "<span style=\"background:rgba(255,136,0,";
        StringAssert.Contains(
            page, $"<b>&lt;spam&gt;</b>{colour}0.00)\">a</span>{colour}1.00)\">&lt;</span>{colour}0.50)\">", StringComparison.Ordinal);
        Assert.AreEqual(3, page.Split(colour).Length - 1);
        StringAssert.Contains(page, "[CLS] and [SEP]: 40", StringComparison.Ordinal);
    }
}
