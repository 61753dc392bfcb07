namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>A loaded head that is run by turns with others.</summary>
internal interface IPeer : IDisposable
{
    /// <summary>Computes the head's outputs, one after the other.</summary>
    float[] Run();
}
