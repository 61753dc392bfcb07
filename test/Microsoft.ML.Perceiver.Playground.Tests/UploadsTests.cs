using Microsoft.AspNetCore.Http;
using Playground;

namespace Microsoft.ML.Perceiver.Playground.Tests;

/// <summary>One request at a time has an image in memory, whatever else waits.</summary>
[TestClass]
public sealed class UploadsTests : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private readonly Lock _counts = new();
    private int _running, _most, _count;

    [TestMethod]
    public async Task One_at_a_time_decodes_or_uses_a_model()
    {
        var uploads = new Uploads(new PlaygroundOptions(), _gate);
        using var model = new LoadedModel<MemoryStream>(_gate, () => new MemoryStream());
        var decoding = Enumerable.Range(0, 16).Select(_ => uploads.DecodeAsync(Work, CancellationToken.None));
        var classifying = Enumerable.Range(0, 16).Select(_ => model.UseAsync(_ => Work(), CancellationToken.None));
        await Task.WhenAll(decoding.Concat(classifying));
        Assert.AreEqual(32, _count);
        Assert.AreEqual(1, _most);
    }

    [TestMethod]
    public async Task A_failed_image_gives_the_turn_to_the_next()
    {
        var uploads = new Uploads(new PlaygroundOptions(), _gate);
        await Assert.ThrowsExactlyAsync<UserException>(
            () => uploads.DecodeAsync<int>(() => throw new UserException("no image"), CancellationToken.None));
        Assert.AreEqual(1, await uploads.DecodeAsync(Work, CancellationToken.None));
    }

    [TestMethod]
    public async Task Nothing_is_decoded_without_the_turn()
    {
        var uploads = new Uploads(new PlaygroundOptions(), _gate);
        byte[] content = TinyImages.Png(16, 16);
        var file = new FormFile(new MemoryStream(content), 0, content.Length, "image", "waves.png");
        Assert.ThrowsExactly<InvalidOperationException>(() => uploads.Image(file));
        var image = await uploads.DecodeAsync(() => uploads.Image(file), CancellationToken.None);
        Assert.AreEqual((16, 16), (image.Width, image.Height));
    }

    public void Dispose() => _gate.Dispose();

    // Long enough that others would begin meanwhile if they could; the outcome does not depend on how long it takes.
    private int Work()
    {
        lock (_counts)
        {
            _running++;
            _most = Math.Max(_most, _running);
        }

        Thread.Sleep(5);
        lock (_counts)
        {
            _running--;
            return ++_count;
        }
    }
}
