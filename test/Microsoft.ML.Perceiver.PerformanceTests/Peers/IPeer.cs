namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>A loaded fill-mask head that is run by turns with others.</summary>
internal interface IPeer : IDisposable
{
    /// <summary>Computes the logits of all masks, one mask after the other.</summary>
    float[] Run();
}
