using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver.Tests.Forecasting;

/// <summary>What forecasts learn, how they are asked for, and what is said of series at fault.</summary>
[TestClass]
public sealed class ForecastTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void A_season_on_a_changing_level_is_forecast_better_than_by_the_season_before()
    {
        float[] numbers = ForecastData.Numbers(330);
        using var model = _context.Forecasting.PerceiverArray(ForecastData.Options(epochs: 15)).Fit(ForecastData.Rows(_context, 270));
        var forecasts = model.Transform(ForecastData.Rows(_context, 330)).GetColumn<float[]>("Forecast").ToArray();
        double error = 0, naive = 0;
        for (int last = 269; last + 3 < 330; last++)
        {
            for (int i = 0; i < 3; i++)
            {
                error += Math.Abs(forecasts[last][i] - numbers[last + 1 + i]);
                naive += Math.Abs(numbers[last - 5 + i] - numbers[last + 1 + i]);
            }
        }

        Assert.IsLessThan(0.5 * naive, error);
    }

    [TestMethod]
    public void Bounds_hold_about_the_share_that_they_promise()
    {
        var random = new Random(3);
        var rows = Enumerable.Range(0, 500).Select(_ => new ForecastData.Row { Value = 10 + random.NextSingle() }).ToArray();
        var options = ForecastData.Options(epochs: 8);
        (options.LowerBoundColumnName, options.UpperBoundColumnName, options.ConfidenceLevel) = ("Least", "Most", 0.8);
        options.Season = 1;
        using var model = _context.Forecasting.PerceiverArray(options).Fit(_context.Data.LoadFromEnumerable(rows));
        var scored = model.Transform(_context.Data.LoadFromEnumerable(rows));
        float[][] least = [.. scored.GetColumn<float[]>("Least")], most = [.. scored.GetColumn<float[]>("Most")];
        float[][] middle = [.. scored.GetColumn<float[]>("Forecast")];
        int within = 0, all = 0;
        for (int last = 12; last + 3 < rows.Length; last++)
        {
            for (int i = 0; i < 3; i++)
            {
                Assert.IsTrue(least[last][i] <= middle[last][i] && middle[last][i] <= most[last][i]);
                float came = rows[last + 1 + i].Value;
                within += least[last][i] <= came && came <= most[last][i] ? 1 : 0;
                all++;
            }
        }

        Assert.AreEqual(0.8, within / (double)all, 0.12);
    }

    [TestMethod]
    public void A_data_view_an_engine_and_the_series_itself_give_the_same_forecast()
    {
        var rows = ForecastData.Rows(_context, 60);
        float[] numbers = ForecastData.Numbers(60);
        using var model = _context.Forecasting.PerceiverArray(ForecastData.Options()).Fit(rows);
        float[][] view = [.. model.Transform(rows).GetColumn<float[]>("Forecast")];
        var engine = _context.Model.CreatePredictionEngine<ForecastData.Row, ForecastData.Forecast>(model);
        for (int i = 0; i < numbers.Length; i++)
        {
            AssertSame(view[i], engine.Predict(new ForecastData.Row { Value = numbers[i] }).Numbers);
            AssertSame(view[i], model.Forecast(numbers[..(i + 1)]).Values);
        }

        // What is before the window and a season is not read.
        AssertSame(view[^1], model.Forecast(numbers[^18..]).Values);
        Assert.ThrowsExactly<ArgumentException>(() => model.Forecast([]));
        Assert.ThrowsExactly<ArgumentException>(() => model.Forecast([1, float.NaN]));
        Assert.ThrowsExactly<ArgumentException>(() => model.Forecast([1, 2], [3, 4]));

        static void AssertSame(IReadOnlyList<float> expected, IReadOnlyList<float> actual)
        {
            Assert.HasCount(3, actual);
            for (int i = 0; i < 3; i++)
                Assert.AreEqual(expected[i], actual[i], 1e-2f);
        }
    }

    [TestMethod]
    public void A_forecast_is_in_the_unit_of_its_series()
    {
        using var model = _context.Forecasting.PerceiverArray(ForecastData.Options()).Fit(ForecastData.Rows(_context, 60));
        float[] numbers = ForecastData.Numbers(30);
        var before = model.Forecast(numbers).Values;
        var after = model.Forecast(Array.ConvertAll(numbers, number => 3 * number - 500)).Values;
        for (int i = 0; i < 3; i++)
            Assert.AreEqual(3 * before[i] - 500, after[i], 0.1f);
        // A series that does not change has no deviation to divide by.
        Assert.IsTrue(model.Forecast(new float[20]).Values.All(float.IsFinite));
    }

    [TestMethod]
    public void A_number_at_fault_is_named_in_training_and_in_scoring()
    {
        var rows = Enumerable.Range(0, 30).Select(i => new ForecastData.Row { Value = i }).ToArray();
        using var model = _context.Forecasting.PerceiverArray(ForecastData.Options()).Fit(_context.Data.LoadFromEnumerable(rows));
        rows[7].Value = float.NaN;
        var wrong = _context.Data.LoadFromEnumerable(rows);
        const string said = "Row 7: the column 'Value' has NaN, which is no finite number; replace missing values first";
        var error = Assert.ThrowsExactly<InvalidOperationException>(
            () => _context.Forecasting.PerceiverArray(ForecastData.Options()).Fit(wrong));
        Assert.Contains(said, error.Message);
        error = Assert.ThrowsExactly<InvalidOperationException>(
            () => model.Transform(wrong).GetColumn<float[]>("Forecast").ToArray());
        Assert.Contains(said, error.Message);
    }

    [TestMethod]
    public void A_series_too_short_is_named()
    {
        var estimator = _context.Forecasting.PerceiverArray(ForecastData.Options());
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => estimator.Fit(ForecastData.Rows(_context, 14)));
        Assert.Contains("has 14 rows; a window of 12 and a horizon of 3 need 15", error.Message);
        using var model = estimator.Fit(ForecastData.Rows(_context, 15));
        Assert.IsNotNull(model.TrainingResult);
    }

    [TestMethod]
    public void Settings_that_do_not_go_together_are_named()
    {
        AssertNamed("Season", options => options.Season = 13);
        AssertNamed("LowerBoundColumnName", options => options.UpperBoundColumnName = "Most");
        AssertNamed("OtherColumnNames", options => options.OtherColumnNames = ["Value"]);
        AssertNamed("OtherColumnNames", options => options.OtherColumnNames = [""]);
        AssertNamed("WindowSize", options => options.WindowSize = 1);
        AssertNamed("Horizon", options => options.Horizon = 0);
        AssertNamed("ConfidenceLevel", options => options.ConfidenceLevel = 1);

        void AssertNamed(string name, Action<PerceiverForecastingOptions> change)
        {
            var options = ForecastData.Options();
            change(options);
            var error = Assert.Throws<ArgumentException>(() => _context.Forecasting.PerceiverArray(options));
            Assert.AreEqual(name, error.ParamName);
        }
    }
}
