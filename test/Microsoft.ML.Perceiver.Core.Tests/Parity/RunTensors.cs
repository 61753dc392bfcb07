using System.Text.Json;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Parity;

/// <summary>The tensors of one run of a case.</summary>
internal sealed class RunTensors
{
    private readonly SafeTensorsFile _io;
    private readonly GoldenCase _golden;
    private readonly JsonElement _run;

    internal RunTensors(SafeTensorsFile io, GoldenCase golden, JsonElement run)
    {
        _io = io;
        _golden = golden;
        _run = run;
    }

    internal string Name => _run.GetProperty("name").GetString()!;

    internal IEnumerable<string> OutputNames => Names(_run, "outputs");

    /// <summary>An argument of the call; null for none. The tensors named inputs, and no others, may be another run's.</summary>
    internal Tensor? Input(string name) => RunWith(name) is { } run ? _io.Get($"{run.GetProperty("name").GetString()}/in/{name}") : null;

    /// <summary>The arguments of the call that have a name of the form prefix.key, by key; null for none.</summary>
    internal Dictionary<string, Tensor>? Inputs(string prefix)
    {
        var lender = Names(_run, "inputs").Any(n => n.StartsWith(prefix + ".", StringComparison.Ordinal)) ? _run : prefix == "inputs" ? Lender() : null;
        var names = lender is { } run ? Names(run, "inputs").Where(n => n.StartsWith(prefix + ".", StringComparison.Ordinal)).ToArray() : [];
        return names.Length == 0 ? null : names.ToDictionary(n => n[(prefix.Length + 1)..], n => Input(n)!);
    }

    internal Tensor Expected(string name) => _io.Get($"{Name}/out/{name}");

    internal bool Flag(string name) =>
        _run.TryGetProperty("kwargs", out var kwargs) && kwargs.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static IEnumerable<string> Names(JsonElement run, string key) =>
        run.TryGetProperty(key, out var names) ? names.EnumerateArray().Select(n => n.GetString()!) : [];

    private JsonElement? RunWith(string name)
    {
        if (Names(_run, "inputs").Contains(name))
            return _run;
        bool lent = name == "inputs" || name.StartsWith("inputs.", StringComparison.Ordinal);
        return lent && Lender() is { } lender && Names(lender, "inputs").Contains(name) ? lender : null;
    }

    private JsonElement? Lender()
    {
        if (!_run.TryGetProperty("inputs_of", out var name) || name.ValueKind != JsonValueKind.String)
            return null;
        return _golden.Runs.First(r => r.GetProperty("name").GetString() == name.GetString());
    }
}
