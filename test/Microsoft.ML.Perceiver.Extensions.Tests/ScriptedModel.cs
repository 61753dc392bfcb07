using System.Collections.Concurrent;
using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver.Extensions.Tests;

/// <summary>A model that does in a prediction what a test says, and knows whether it was disposed.</summary>
/// <param name="inner">What predicts.</param>
internal sealed class ScriptedModel(ITransformer inner) : ITransformer, IDisposable
{
    /// <summary>How often it was disposed.</summary>
    internal int Disposals { get; private set; }

    /// <summary>Called when it is disposed.</summary>
    internal Action? Disposing { get; init; }

    /// <summary>Makes a model that answers with a label once a prediction's action has been done.</summary>
    internal static ScriptedModel Create(MLContext context, Action<string> predicting, string label = "done", Action? disposing = null)
    {
        void Map(TextInput input, TextOutput output)
        {
            predicting(input.Text);
            output.PredictedLabel = label;
            output.Score = [1];
        }

        var data = context.Data.LoadFromEnumerable([new TextInput()]);
        var mapping = context.Transforms.CustomMapping<TextInput, TextOutput>(Map, contractName: null).Fit(data);
        return new ScriptedModel(mapping) { Disposing = disposing };
    }

    public bool IsRowToRowMapper => inner.IsRowToRowMapper;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inner.GetOutputSchema(inputSchema);

    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => inner.GetRowToRowMapper(inputSchema);

    public IDataView Transform(IDataView input) => inner.Transform(input);

    void ICanSaveModel.Save(ModelSaveContext ctx) => throw new NotSupportedException();

    public void Dispose()
    {
        Disposals++;
        Disposing?.Invoke();
    }
}

/// <summary>Holds predictions until a test lets them go.</summary>
internal sealed class Gate : IDisposable
{
    private readonly ManualResetEventSlim _opened = new();
    private readonly ConcurrentQueue<string> _entered = new();
    private readonly SemaphoreSlim _arrivals = new(0);

    /// <summary>The texts whose predictions began, in order.</summary>
    internal IReadOnlyList<string> Entered => [.. _entered];

    internal void Enter(string text)
    {
        _entered.Enqueue(text);
        _arrivals.Release();
        Assert.IsTrue(_opened.Wait(TimeSpan.FromSeconds(60)), "The test did not open the gate.");
    }

    /// <summary>Waits until one more prediction has begun.</summary>
    internal async Task NextAsync() => Assert.IsTrue(await _arrivals.WaitAsync(TimeSpan.FromSeconds(60)), "No prediction began.");

    internal void Open() => _opened.Set();

    public void Dispose()
    {
        _opened.Set();
        _opened.Dispose();
        _arrivals.Dispose();
    }
}
