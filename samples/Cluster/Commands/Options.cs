using System.CommandLine;
using System.Net;
using Cluster.Hosting;
using WebApi;

namespace Cluster.Commands;

/// <summary>Options that several commands have.</summary>
internal static class Options
{
    /// <summary>How silos and clients find each other.</summary>
    public static Option<string> Kind { get; } = new("--clustering")
    {
        Description = "How silos and clients find each other: localhost (the first silo has the list), redis, or adonet",
        DefaultValueFactory = _ => Clustering.Kinds[0],
    };

    /// <summary>The connection string.</summary>
    public static Option<string?> Connection { get; } = new("--connection")
    {
        Description = "The connection string of Redis or the database",
    };

    /// <summary>The provider of ADO.NET.</summary>
    public static Option<string> Invariant { get; } = new("--invariant")
    {
        Description = "The database's provider, of which Npgsql (PostgreSQL) is here; Orleans' scripts have made its tables",
        DefaultValueFactory = _ => new Clustering().Invariant,
    };

    /// <summary>The cluster's name.</summary>
    public static Option<string> Cluster { get; } = new("--cluster")
    {
        Description = "The cluster's name",
        DefaultValueFactory = _ => new Clustering().Name,
    };

    /// <summary>The first silo.</summary>
    public static Option<string?> Primary { get; } = new("--primary")
    {
        Description = "With localhost: the first silo as ADDRESS:PORT, for all silos but that one",
    };

    /// <summary>Where clients find silos.</summary>
    public static Option<string> Gateways { get; } = new("--gateways")
    {
        Description = "With localhost: the silos' ports for clients, as ADDRESS:PORT,ADDRESS:PORT",
        DefaultValueFactory = _ => string.Join(',', new Clustering().Gateways),
    };

    /// <summary>Where a web server listens.</summary>
    public static Option<string> Url { get; } = new("--url")
    {
        Description = "Where to listen",
        DefaultValueFactory = _ => Server.DefaultUrl,
    };

    /// <summary>The names of a web server.</summary>
    public static Option<string[]> Hosts { get; } = new("--allowed-hosts")
    {
        Description = "The names that requests may call this server by",
        DefaultValueFactory = _ => [.. new ServerOptions().Hosts],
        AllowMultipleArgumentsPerToken = true,
    };

    /// <summary>Requests that an address may send.</summary>
    public static Option<int> Rate { get; } =
        Positive("--rate", "Requests that one address may send in a second; further ones are 429", 100);

    /// <summary>How long a request may take.</summary>
    public static Option<double> Timeout { get; } = new("--timeout")
    {
        Description = "Seconds that a request may take",
        DefaultValueFactory = _ => 20,
    };

    /// <summary>The folder of models.</summary>
    public static Option<string> Models { get; } = new("--models")
    {
        Description = "The folder of models: TASK/VERSION.mlnet, and TASK/current with the version that is served",
        DefaultValueFactory = _ => "models",
    };

    /// <summary>Whether the input ends the program.</summary>
    public static Option<bool> UntilInputEnds { get; } = new("--until-input-ends") { Description = "Ends where the standard input does" };

    /// <summary>A number that is to be positive.</summary>
    /// <param name="name">The option's name.</param>
    /// <param name="description">What it is.</param>
    /// <param name="value">Its default.</param>
    public static Option<int> Positive(string name, string description, int value)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => value };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !(int.TryParse(token.Value, out int number) && number > 0))
                result.AddError($"{name} must be a positive number, not '{token.Value}'.");
        });
        return option;
    }

    /// <summary>What the options of clustering say.</summary>
    /// <param name="arguments">The arguments.</param>
    public static Clustering ClusteringOf(ParseResult arguments) => new()
    {
        Kind = arguments.GetValue(Kind)!,
        Connection = arguments.GetValue(Connection),
        Invariant = arguments.GetValue(Invariant)!,
        Name = arguments.GetValue(Cluster)!,
        // A client has no first silo, and a silo no list.
        Primary = arguments.CommandResult.Command.Options.Contains(Primary) && arguments.GetValue(Primary) is { } primary
            ? EndPoint(Primary.Name, primary)
            : null,
        Gateways = arguments.CommandResult.Command.Options.Contains(Gateways)
            ? [.. arguments.GetValue(Gateways)!.Split(',').Select(g => EndPoint(Gateways.Name, g))]
            : [],
    };

    /// <summary>What the options of a web server say.</summary>
    /// <param name="arguments">The arguments.</param>
    public static ServerOptions ServerOf(ParseResult arguments) =>
        new() { Hosts = arguments.GetValue(Hosts)!, RequestsPerSecond = arguments.GetValue(Rate) };

    /// <summary>Seconds that a request may take.</summary>
    /// <param name="arguments">The arguments.</param>
    public static TimeSpan TimeoutOf(ParseResult arguments) => arguments.GetValue(Timeout) is > 0 and <= 3600 and var seconds
        ? TimeSpan.FromSeconds(seconds)
        : throw new ArgumentException($"{Timeout.Name} must be above 0 and at most 3600.");

    private static IPEndPoint EndPoint(string option, string text) => IPEndPoint.TryParse(text, out var found) && found.Port > 0
        ? found
        : throw new ArgumentException($"{option} is to be ADDRESS:PORT, as 127.0.0.1:11111, not '{text}'.");
}
