namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>A stage over a data view, and the bare model on the same batches as ready tensors.</summary>
internal interface IPipelineBenchmark : IDisposable
{
    /// <summary>Rows of a run.</summary>
    int Rows { get; }

    /// <summary>All rows through the data view.</summary>
    void Pipeline();

    /// <summary>All rows through the bare model.</summary>
    void BareModel();
}
