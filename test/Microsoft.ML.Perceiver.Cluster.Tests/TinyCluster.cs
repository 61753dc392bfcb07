using System.Net;
using Cluster.Demo;
using Cluster.Gateway;
using Cluster.Hosting;
using Cluster.Serving;

namespace Microsoft.ML.Perceiver.Cluster.Tests;

/// <summary>Two silos and a gateway in this process, at ports that are free, with a tiny text classifier.</summary>
internal sealed class TinyCluster : IAsyncDisposable
{
    private readonly int[] _ports = Ports.Free(4);

    private TinyCluster()
    {
    }

    public TwoVersions Models { get; } = new();

    /// <summary>The second silo's copy of the models.</summary>
    public ModelStore SecondStore => new(SecondFolder);

    private string SecondFolder => Models.Folder + "-second";

    public SiloHost First { get; private set; } = null!;

    public SiloHost Second { get; private set; } = null!;

    public GatewayHost Gateway { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    public Clustering Clustering => new()
    {
        Gateways = [new IPEndPoint(IPAddress.Loopback, _ports[1]), new IPEndPoint(IPAddress.Loopback, _ports[3])],
    };

    public static async Task<TinyCluster> StartAsync(int places = 128)
    {
        var cluster = new TinyCluster();
        CopyFolder(Path.Combine(cluster.Models.Folder, TextTask.TaskName), Path.Combine(cluster.SecondFolder, TextTask.TaskName));
        cluster.First = await cluster.StartAsync(0, places);
        cluster.Second = await cluster.StartAsync(1, places);
        cluster.Gateway = await GatewayHost.StartAsync(new GatewayOptions { Clustering = cluster.Clustering, Url = "http://127.0.0.1:0" });
        cluster.Http = new HttpClient { BaseAddress = cluster.Gateway.Address };
        return cluster;
    }

    private Task<SiloHost> StartAsync(int index, int places) => SiloHost.StartAsync(new SiloOptions
    {
        Clustering = new() { Primary = index == 0 ? null : new IPEndPoint(IPAddress.Loopback, _ports[0]) },
        Address = new() { Port = _ports[2 * index], GatewayPort = _ports[2 * index + 1] },
        Models = index == 0 ? Models.Folder : SecondFolder,
        Tasks = [TextTask.TaskName],
        Engines = new() { Engines = 1, Places = places },
    });

    private static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.GetFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Gateway.DisposeAsync();
        await Second.DisposeAsync();
        await First.DisposeAsync();
        Models.Dispose();
    }
}
