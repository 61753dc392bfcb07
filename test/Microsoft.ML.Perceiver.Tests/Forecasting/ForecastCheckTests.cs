namespace Microsoft.ML.Perceiver.Tests.Forecasting;

/// <summary>The stage of forecasts through the one common check.</summary>
[TestClass]
public sealed class ForecastCheckTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void One_column_and_its_medians() => Check(ForecastData.Options(), "Forecast");

    [TestMethod]
    public void Two_columns_and_bounds()
    {
        var options = ForecastData.Options();
        options.OtherColumnNames = ["Other"];
        (options.OutputColumnName, options.LowerBoundColumnName, options.UpperBoundColumnName) = ("Next", "Least", "Most");
        options.MaxMemoryBytes = 100_000;
        Check(options, "Next", "Least", "Most");
    }

    [TestMethod]
    public void A_checkpoint_of_a_trained_forecast()
    {
        using var folder = new TemporaryFolder();
        var options = ForecastData.Options();
        using (var trained = _context.Forecasting.PerceiverArray(options).Fit(ForecastData.Rows(_context, 30)))
            trained.SavePretrained(folder.Path);
        (options.Checkpoint, options.Training) = (PerceiverCheckpoint.FromDirectory(folder.Path), null);
        Check(options, "Forecast");
        // Training goes on with the array and the scale of the checkpoint.
        options.Training = new PerceiverTrainingOptions { Epochs = 1 };
        using var again = _context.Forecasting.PerceiverArray(options).Fit(ForecastData.Rows(_context, 40));
        CollectionAssert.AreEqual(
            options.Checkpoint.Config.LabelDeviations!.ToArray(), again.Model.Config.LabelDeviations!.ToArray());
        options.Horizon = 4;
        var error = Assert.ThrowsExactly<ArgumentException>(() => _context.Forecasting.PerceiverArray(options));
        Assert.Contains("15 instants of 3 numbers, and not of 16 of 3", error.Message);
    }

    private void Check(PerceiverForecastingOptions options, params string[] outputs) => EstimatorCheck.Run(
        _context,
        _context.Forecasting.PerceiverArray(options),
        ForecastData.Rows(_context, 30),
        [_context.Data.LoadFromEnumerable([new { Other = 1f }]), _context.Data.LoadFromEnumerable([new { Value = "a", Other = 1f }])],
        outputs);
}
