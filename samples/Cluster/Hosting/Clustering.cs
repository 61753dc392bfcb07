using System.Net;
using Orleans.Configuration;

namespace Cluster.Hosting;

/// <summary>How silos and clients find each other.</summary>
internal sealed record Clustering
{
    /// <summary>The ways, as on the command line.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["localhost", "redis", "adonet"];

    /// <summary>
    /// One of <see cref="Kinds"/>: <c>localhost</c> keeps the list of silos in the memory of the first one, which must go on; the others
    /// keep it in Redis or a database.
    /// </summary>
    public string Kind { get; init; } = Kinds[0];

    /// <summary>The connection string of Redis or the database.</summary>
    public string? Connection { get; init; }

    /// <summary>The name by which ADO.NET finds the database's provider.</summary>
    public string Invariant { get; init; } = "Npgsql";

    /// <summary>Silos and clients of one name make a cluster.</summary>
    public string Name { get; init; } = "perceiver";

    /// <summary>For <c>localhost</c>: the first silo, as ADDRESS:PORT; null where this silo is it.</summary>
    public IPEndPoint? Primary { get; init; }

    /// <summary>For <c>localhost</c>: where clients find silos.</summary>
    public IReadOnlyList<IPEndPoint> Gateways { get; init; } = [new IPEndPoint(IPAddress.Loopback, SiloAddressOptions.DefaultGatewayPort)];

    /// <summary>Sets a silo's.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="address">Where it listens.</param>
    public void Set(ISiloBuilder silo, SiloAddressOptions address)
    {
        Check();
        silo.Configure<ClusterOptions>(SetName);
        // By default it takes a minute until a silo that does not answer is left out.
        silo.Configure<ClusterMembershipOptions>(membership =>
        {
            membership.ProbeTimeout = TimeSpan.FromSeconds(2);
            membership.NumMissedProbesLimit = 2;
            membership.TableRefreshTimeout = TimeSpan.FromSeconds(10);
        });
        silo.ConfigureEndpoints(address.Address, address.Port, address.GatewayPort, listenOnAnyHostAddress: false);
        switch (Kind)
        {
            case "redis":
                silo.UseRedisClustering(Connection!);
                break;
            case "adonet":
                silo.UseAdoNetClustering(o => (o.ConnectionString, o.Invariant) = (Connection, Invariant));
                break;
            default:
                silo.UseDevelopmentClustering(Primary ?? new IPEndPoint(address.Address, address.Port));
                break;
        }
    }

    /// <summary>Sets a client's.</summary>
    /// <param name="client">The client.</param>
    public void Set(IClientBuilder client)
    {
        Check();
        client.Configure<ClusterOptions>(SetName);
        // So that a silo that comes, or comes back, gets its share soon.
        client.Configure<GatewayOptions>(gateways => gateways.GatewayListRefreshPeriod = TimeSpan.FromSeconds(2));
        switch (Kind)
        {
            case "redis":
                client.UseRedisClustering(Connection!);
                break;
            case "adonet":
                client.UseAdoNetClustering(o => (o.ConnectionString, o.Invariant) = (Connection, Invariant));
                break;
            default:
                client.UseStaticClustering([.. Gateways]);
                break;
        }
    }

    private void SetName(ClusterOptions options) => (options.ClusterId, options.ServiceId) = (Name, "perceiver");

    private void Check()
    {
        if (!Kinds.Contains(Kind))
            throw new ArgumentException($"There is no --clustering '{Kind}'; there are {string.Join(", ", Kinds)}.");
        if (Kind != Kinds[0] && string.IsNullOrEmpty(Connection))
            throw new ArgumentException($"--clustering {Kind} needs --connection.");
    }
}
