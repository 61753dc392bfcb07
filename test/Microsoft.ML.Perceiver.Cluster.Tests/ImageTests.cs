using Cluster.Demo;
using Cluster.Serving;
using Microsoft.Extensions.Logging.Abstractions;
using WebApi;

namespace Microsoft.ML.Perceiver.Cluster.Tests;

/// <summary>Photographs, with the bundled classifier of clothes.</summary>
[TestClass]
public sealed class ImageTests
{
    [TestMethod]
    public async Task Photographs_are_classified_as_Transform_does_and_damaged_ones_refused()
    {
        using var folder = new TemporaryFolder();
        var store = new ModelStore(folder["models"]);
        DemoModels.WriteImage(store);
        byte[][] files = [.. ImageLoad.Files.Where((_, i) => i % 60 == 0).Select(File.ReadAllBytes)];
        var expected = DemoModels.Answers(folder["models"], files);
        var places = new SiloPlaces(32);
        await using var task = new ImageTask(
            store, new EngineOptions { Engines = 1 }, places, new SiloName("10.0.0.1:11111"), NullLoggerFactory.Instance);
        await task.ServeAsync(store.Current(ImageTask.TaskName));

        Assert.IsGreaterThan(3, files.Length);
        for (int i = 0; i < files.Length; i++)
        {
            var reply = await task.ClassifyAsync(files[i], default);
            var answer = reply.Answers.Single();
            Assert.IsTrue(expected[i].Equals(new Answer(answer.PredictedLabel, answer.Score), 1e-4f), $"{answer} is not {expected[i]}");
        }

        foreach (byte[] damaged in new byte[][] { [1, 2, 3], [], files[0][..200] })
        {
            var reply = await task.ClassifyAsync(damaged, default);
            Assert.IsNotNull(reply.Fault);
            Assert.IsEmpty(reply.Answers);
        }

        Assert.AreEqual(0, places.Taken);
    }
}
