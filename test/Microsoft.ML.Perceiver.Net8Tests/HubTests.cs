using System.Security.Cryptography;
using Microsoft.ML.Perceiver.Tests.Checkpoints.Hub;
using Microsoft.ML.Perceiver.Tests.Modules;

namespace Microsoft.ML.Perceiver.Tests.Net8;

/// <summary>The hub's files: names in the cache are hashes, which .NET 8 writes in another way.</summary>
[TestClass]
public sealed class HubTests
{
    [TestMethod]
    public void A_model_is_fetched_its_hash_is_checked_and_it_is_read_again_offline()
    {
        using var folder = new TemporaryFolder();
        string source = folder["source"], cache = folder["cache"];
        using var model = new PerceiverForMaskedLM(TinyModels.Config, seed: 3);
        model.SavePretrained(source);
        var files = Directory.GetFiles(source).Select(f => (Path.GetFileName(f), File.ReadAllBytes(f))).ToArray();
        using var hub = new LoopbackHub(files);

        var options = hub.Options(cache, TimeSpan.FromSeconds(10));
        AssertSame(model, PerceiverCheckpoint.FromHub("owner/model", options: options));
        string hash = Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(Path.Combine(source, "model.safetensors"))));
        // This assembly's own test of lower case: a file system that tells cases apart has one such file.
        CollectionAssert.Contains(
            Directory.GetFiles(Path.Combine(cache, "models--owner--model", "blobs")).Select(Path.GetFileName).ToArray(),
            hash.ToLowerInvariant());
        AssertSame(model, PerceiverCheckpoint.FromHub("owner/model", options: options with { Offline = true }));

        hub.Fail(Fault.WrongBytes);
        var wrong = options with { CacheDirectory = folder["other"], Attempts = 1 };
        Assert.Throws<Exception>(() => PerceiverCheckpoint.FromHub("owner/model", options: wrong));
    }

    private static void AssertSame(PerceiverForMaskedLM expected, PerceiverCheckpoint checkpoint)
    {
        using var found = checkpoint.Load(c => new PerceiverForMaskedLM(c, initialize: false)).Model;
        foreach (var (name, weights) in expected.state_dict())
            Assert.IsTrue(weights.equal(found.state_dict()[name]).all().item<bool>(), name);
    }
}
