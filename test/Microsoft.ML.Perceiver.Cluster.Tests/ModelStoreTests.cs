using Cluster.Serving;

namespace Microsoft.ML.Perceiver.Cluster.Tests;

/// <summary>The folder of models.</summary>
[TestClass]
public sealed class ModelStoreTests
{
    [TestMethod]
    [DataRow("")]
    [DataRow("..")]
    [DataRow(".hidden")]
    [DataRow("../other")]
    [DataRow("a/b")]
    [DataRow("a\\b")]
    [DataRow("a b")]
    [DataRow("é")]
    public void A_name_that_leads_elsewhere_is_refused(string version)
    {
        using var folder = new TemporaryFolder();
        var store = new ModelStore(folder["models"]);
        var error = Assert.ThrowsExactly<ArgumentException>(() => store.PathOf("text", version));
        Assert.Contains($"'{version}'", error.Message);
        Assert.ThrowsExactly<ArgumentException>(() => store.SetCurrent("text", version));
        Assert.IsFalse(Directory.Exists(folder["models"]));
    }

    [TestMethod]
    public void The_version_that_is_served_is_remembered()
    {
        using var folder = new TemporaryFolder();
        var store = new ModelStore(folder["models"]);
        var missing = Assert.ThrowsExactly<FileNotFoundException>(() => store.Current("text"));
        Assert.Contains(Path.Combine(folder["models"], "text", "current"), missing.Message);
        store.SetCurrent("text", "2026-11.a_b");
        store.SetCurrent("text", "3");
        store.SetCurrent("image", "1");
        Assert.AreEqual(("3", "1"), (store.Current("text"), store.Current("image")));
        Assert.HasCount(1, Directory.GetFiles(Path.Combine(folder["models"], "text")));
    }

    [TestMethod]
    public void Places_are_taken_for_all_inputs_of_a_request_or_none()
    {
        var places = new SiloPlaces(5);
        Assert.IsTrue(places.TryTake(3));
        Assert.IsFalse(places.TryTake(3));
        Assert.AreEqual(3, places.Taken);
        Assert.IsTrue(places.TryTake(2));
        Assert.IsFalse(places.TryTake(1));
        places.Return(3);
        Assert.IsTrue(places.TryTake(3));
        Assert.AreEqual(5, places.Taken);
    }
}
