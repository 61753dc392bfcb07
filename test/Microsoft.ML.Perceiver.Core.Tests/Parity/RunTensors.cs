using System.Text.Json;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Parity;

/// <summary>The tensors and the other arguments of one run of a case; what nobody read fails the test.</summary>
internal sealed class RunTensors
{
    private readonly SafeTensorsFile _io;
    private readonly GoldenCase _golden;
    private readonly JsonElement _run;
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    internal RunTensors(SafeTensorsFile io, GoldenCase golden, JsonElement run)
    {
        _io = io;
        _golden = golden;
        _run = run;
        Arguments = new KeywordArguments(run.TryGetProperty("kwargs", out var kwargs) ? kwargs : default);
        // Results have their names here whether the reference returned them in a dictionary or not.
        Arguments.Ignore("return_dict");
    }

    internal string Name => _run.GetProperty("name").GetString()!;

    internal IEnumerable<string> OutputNames => Names(_run, "outputs");

    /// <summary>The arguments that are no tensors; null stands for those that were not given.</summary>
    internal KeywordArguments Arguments { get; }

    /// <summary>An argument of the call; null for none. The tensors named inputs, and no others, may be another run's.</summary>
    internal Tensor? Input(string name)
    {
        _read.Add(name);
        return RunWith(name) is { } run ? ParityDevice.Place(_io.Get($"{run.GetProperty("name").GetString()}/in/{name}")) : null;
    }

    /// <summary>One tensor of a name, or one for each modality under names of the form name.modality; null for none.</summary>
    internal PerceiverInputs? Modal(string name)
    {
        // Modalities that are null are none.
        Arguments.Ignore(name + ".null");
        if (Input(name) is { } one)
            return one;
        return Inputs(name) is { } many ? new PerceiverInputs(many) : (PerceiverInputs?)null;
    }

    internal Tensor Expected(string name) => _io.Get($"{Name}/out/{name}");

    /// <exception cref="NotSupportedException">A tensor or another argument was not read.</exception>
    internal void RequireAllUsed()
    {
        Arguments.RequireAllUsed($"the run '{Name}'");
        if (Names(_run, "inputs").FirstOrDefault(n => !_read.Contains(n)) is { } name)
            throw new NotSupportedException($"The tensor '{name}' of the run '{Name}' was not read.");
    }

    private Dictionary<string, Tensor>? Inputs(string prefix)
    {
        var lender = Names(_run, "inputs").Any(
            n => n.StartsWith(prefix + ".", StringComparison.Ordinal)) ? _run : prefix == "inputs" ? Lender() : null;
        var names = lender is { } run
            ? Names(run, "inputs").Where(n => n.StartsWith(prefix + ".", StringComparison.Ordinal)).ToArray()
            : [];
        return names.Length == 0 ? null : names.ToDictionary(n => n[(prefix.Length + 1)..], n => Input(n)!);
    }

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
