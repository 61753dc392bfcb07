using System.Net;
using Cluster.Hosting;

namespace Cluster.Demo;

/// <summary>The processes of a cluster: two silos and a gateway.</summary>
internal sealed class Nodes : IAsyncDisposable
{
    private const string Program = "Cluster";
    private readonly string _models;
    private readonly int[] _ports;
    private readonly List<NodeProcess> _running = [];
    private NodeProcess? _second;

    private Nodes(string models, int[] ports) => (_models, _ports) = (models, ports);

    /// <summary>Where the gateway listens.</summary>
    public Uri Gateway { get; private set; } = null!;

    /// <summary>How a further client finds the silos.</summary>
    public Clustering Clustering => new() { Gateways = [.. GatewayPorts.Select(p => new IPEndPoint(IPAddress.Loopback, p))] };

    private IEnumerable<int> GatewayPorts => [_ports[1], _ports[3]];

    /// <summary>Starts them.</summary>
    /// <param name="models">The folder of models.</param>
    public static async Task<Nodes> StartAsync(string models)
    {
        var nodes = new Nodes(models, Ports.Free(4));
        try
        {
            nodes._running.Add(await nodes.StartSiloAsync(nodes._ports[0], nodes._ports[1]));
            await nodes.StartSecondAsync();
            string gateways = string.Join(',', nodes.GatewayPorts.Select(p => $"127.0.0.1:{p}"));
            var gateway = await NodeProcess.StartAsync(
                Program, "gateway", "--url", "http://127.0.0.1:0", "--gateways", gateways, "--rate", "1000000", "--until-input-ends");
            nodes._running.Add(gateway);
            nodes.Gateway = gateway.Address;
            return nodes;
        }
        catch
        {
            await nodes.DisposeAsync();
            throw;
        }
    }

    /// <summary>Kills the second silo: the first one has the list of silos, which is Redis' or a database's where that matters.</summary>
    public Task KillSecondAsync() => _second!.KillAsync();

    /// <summary>Starts the second silo, again after it was killed.</summary>
    public async Task StartSecondAsync()
    {
        if (_second is not null)
            await _second.DisposeAsync();
        _second = await StartSiloAsync(_ports[2], _ports[3], "--primary", $"127.0.0.1:{_ports[0]}");
    }

    private Task<NodeProcess> StartSiloAsync(int port, int gatewayPort, params string[] more) => NodeProcess.StartAsync(
        Program,
        [
            "silo", "--models", _models, "--port", $"{port}", "--gateway-port", $"{gatewayPort}", "--engines", "1", "--until-input-ends",
            .. more,
        ]);

    /// <summary>Ends all of them.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_second is not null)
            await _second.DisposeAsync();
        foreach (var node in _running)
            await node.DisposeAsync();
    }
}
