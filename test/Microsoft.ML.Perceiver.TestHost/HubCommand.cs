namespace Microsoft.ML.Perceiver.TestHost;

/// <summary>Fetches a model from a hub, loads it, and says where its weights lie and how many there are.</summary>
internal static class HubCommand
{
    internal static int Run(string id, string endpoint, string cache)
    {
        var options = new PerceiverHubOptions { Endpoint = endpoint, CacheDirectory = cache, Token = "", Offline = false };
        var checkpoint = PerceiverCheckpoint.FromHub(id, options: options);
        using var model = checkpoint.Load(c => new PerceiverForMaskedLM(c, initialize: false)).Model;
        Console.WriteLine($"weights {model.parameters().Sum(p => p.NumberOfElements)} {checkpoint.Source}");
        return 0;
    }
}
