using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Training;

[TestClass]
public sealed class PerceiverTrainerTests
{
    private static readonly PerceiverTrainingOptions Options = new() { Epochs = 60, BatchSize = 4, LearningRate = 0.05, WeightDecay = 0 };

    [TestMethod]
    public void It_learns()
    {
        using var objective = new LineObjective();
        var result = PerceiverTrainer.Run(objective, Options);
        Assert.AreEqual(PerceiverTrainingStopReason.Completed, result.StopReason);
        // The line is 2x + 1; dropping a tenth of its values shrinks it to nine tenths.
        Assert.AreEqual(1.8f, objective.Weight, 0.1f);
        Assert.HasCount(60, result.Epochs);
        Assert.AreEqual(60, result.BestEpoch);
        Assert.IsTrue(objective.TrainingModes.All(m => m), "steps train, evaluations evaluate");
        Assert.IsFalse(objective.Model.training);
    }

    [TestMethod]
    public void Every_row_is_in_one_batch_an_epoch_and_no_epoch_is_like_another()
    {
        using var objective = new LineObjective(rows: 41);
        PerceiverTrainer.Run(objective, Options with { Epochs = 3 });
        Assert.HasCount(33, objective.Batches);
        foreach (var epoch in objective.Batches.Chunk(11))
            CollectionAssert.AreEqual(Enumerable.Range(0, 41).ToArray(), epoch.SelectMany(b => b).Order().ToArray());
        Assert.AreNotEqual(string.Join(' ', objective.Batches[0]), string.Join(' ', objective.Batches[11]));
        // Rows of like length share a batch.
        Assert.IsLessThan(3.0, objective.Batches.Average(b => b.Max(objective.LengthOf) - b.Min(objective.LengthOf)));
    }

    [TestMethod]
    public void The_best_weights_come_back_when_it_gets_worse()
    {
        using var objective = new LineObjective(validation: [1, 5, 4, 3, 9]);
        var result = PerceiverTrainer.Run(objective, Options with { Epochs = 5, EarlyStoppingPatience = 2 });
        Assert.AreEqual(PerceiverTrainingStopReason.EarlyStopped, result.StopReason);
        Assert.AreEqual(2, result.BestEpoch);
        Assert.HasCount(4, result.Epochs);
        Assert.AreEqual(objective.WeightsAtEvaluation[1], objective.Weight);
        CollectionAssert.AreEqual(new[] { true, true, false, false }, result.Epochs.Select(e => e.IsBest).ToArray());
    }

    [TestMethod]
    public void A_metric_that_is_no_number_is_never_the_best()
    {
        using var objective = new LineObjective(validation: [1, double.NaN, 0.5]);
        Assert.AreEqual(1, PerceiverTrainer.Run(objective, Options with { Epochs = 3 }).BestEpoch);
    }

    [TestMethod]
    [DataRow(double.NaN)]
    [DataRow(double.PositiveInfinity)]
    public void A_first_metric_that_is_no_number_is_beaten_by_any(double first)
    {
        using var objective = new LineObjective(validation: [first, 1, 0.5]);
        Assert.AreEqual(2, PerceiverTrainer.Run(objective, Options with { Epochs = 3 }).BestEpoch);
    }

    [TestMethod]
    public void An_exception_of_the_callback_goes_through_after_the_best_weights_are_back()
    {
        using var objective = new LineObjective(validation: [5, 4, 3, 2, 1]);
        Assert.ThrowsExactly<TimeZoneNotFoundException>(() => PerceiverTrainer.Run(objective, Options with
        {
            Epochs = 5,
            Progress = p =>
            {
                if (p.Epoch == 3)
                    throw new TimeZoneNotFoundException();
            },
        }));
        Assert.AreEqual(objective.WeightsAtEvaluation[0], objective.Weight);
        Assert.IsFalse(objective.Model.training);
    }

    [TestMethod]
    public void A_loss_that_is_no_number_is_an_error_that_names_the_step()
    {
        using var objective = new LineObjective { ChangeLoss = (step, loss) => step == 7 ? loss * double.NaN : loss };
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => PerceiverTrainer.Run(objective, Options));
        StringAssert.Contains(error.Message, "step 7");
    }

    [TestMethod]
    [DataRow(1.0)]
    [DataRow(null)]
    public void A_gradient_that_is_no_number_is_an_error_before_the_weights_have_it(double? longest)
    {
        // The root of zero has a slope without end, and the loss none that shows.
        using var objective = new LineObjective { ChangeLoss = (step, loss) => step == 7 ? loss + (loss - loss).sqrt() : loss };
        var error = Assert.ThrowsExactly<InvalidOperationException>(
            () => PerceiverTrainer.Run(objective, Options with { GradientClipNorm = longest }));
        StringAssert.Contains(error.Message, "The gradient of step 7");
        Assert.IsTrue(float.IsFinite(objective.Weight) && objective.Weight != 0, $"{objective.Weight}");
    }

    [TestMethod]
    public void What_is_stopped_before_its_first_evaluation_is_evaluated_once()
    {
        using var stopped = new LineObjective(validation: [7]);
        var result = PerceiverTrainer.Run(stopped, Options with { Progress = p => { if (p.Step == 2) p.Stop(); } });
        Assert.AreEqual((PerceiverTrainingStopReason.Stopped, 1, 2L), (result.StopReason, result.BestEpoch, result.BestStep));
        Assert.AreEqual(7, result.Evaluations.Single().ValidationMetrics!["Score"]);
        Assert.IsFalse(result.Evaluations[0].IsEpochEnd);
        Assert.AreEqual(stopped.WeightsAtEvaluation.Single(), stopped.Weight);

        // However short the time is, one step is taken.
        using var timed = new LineObjective();
        result = PerceiverTrainer.Run(timed, Options with { MaxDuration = TimeSpan.FromTicks(1) });
        Assert.AreEqual((PerceiverTrainingStopReason.TimeLimit, 1L), (result.StopReason, result.BestStep));
        Assert.AreNotEqual(0, timed.Weight);
    }

    [TestMethod]
    public void Time_runs_out()
    {
        using var objective = new LineObjective { ChangeLoss = (_, loss) => { Thread.Sleep(20); return loss; } };
        var result = PerceiverTrainer.Run(objective, Options with { Epochs = 1000, MaxDuration = TimeSpan.FromMilliseconds(300) });
        Assert.AreEqual(PerceiverTrainingStopReason.TimeLimit, result.StopReason);
        Assert.IsLessThan(1000, result.Epochs.Count);
    }

    [TestMethod]
    public void The_same_seed_gives_the_same_weights_and_torchs_own_chance_is_left_alone()
    {
        using var scope = NewDisposeScope();
        float Train(int seed)
        {
            using var objective = new LineObjective();
            var before = random.get_rng_state();
            PerceiverTrainer.Run(objective, Options with { Epochs = 3, Seed = seed });
            Assert.IsTrue(before.equal(random.get_rng_state()).all().item<bool>());
            return objective.Weight;
        }

        float first = Train(1);
        random.manual_seed(99);
        Assert.AreEqual(first, Train(1));
        Assert.AreNotEqual(first, Train(2));
    }

    [TestMethod]
    public void Epochs_leave_no_tensors_behind()
    {
        long before = 0;
        using var objective = new LineObjective();
        PerceiverTrainer.Run(objective, Options with { Epochs = 1 });
        var counts = new List<long>();
        Modules.TinyModels.TensorsBefore();
        PerceiverTrainer.Run(objective, Options with
        {
            Epochs = 6,
            WeightAverageDecay = 0.9,
            Progress = p =>
            {
                if (p.IsEpochEnd)
                    counts.Add(Tensor.TotalCount);
            },
        });
        before = counts[1];
        Assert.IsTrue(counts.Skip(2).All(c => c == before), string.Join(' ', counts));
    }

    [TestMethod]
    public void Averaged_weights_are_what_is_validated_and_kept()
    {
        using var plain = new LineObjective();
        using var averaged = new LineObjective();
        PerceiverTrainer.Run(plain, Options with { Epochs = 2 });
        PerceiverTrainer.Run(averaged, Options with { Epochs = 2, WeightAverageDecay = 0.99 });
        Assert.AreEqual(averaged.WeightsAtEvaluation[1], averaged.Weight);
        // The average lags behind weights that grow, but the steps themselves are the same.
        Assert.IsLessThan(plain.Weight, averaged.Weight);
        CollectionAssert.AreEqual(plain.Batches.SelectMany(b => b).ToArray(), averaged.Batches.SelectMany(b => b).ToArray());
    }

    [TestMethod]
    [DataRow(PerceiverLearningRateSchedule.Constant, 1.0, 1.0)]
    [DataRow(PerceiverLearningRateSchedule.Linear, 0.5, 1.0 / 90)]
    [DataRow(PerceiverLearningRateSchedule.Cosine, 0.5, 0.0003046)]
    public void The_learning_rate_rises_and_falls_as_it_should(PerceiverLearningRateSchedule schedule, double middle, double last)
    {
        double[] factors = Enumerable.Range(0, 100).Select(s => LearningRates.Factor(schedule, s, 100, 0.1)).ToArray();
        Assert.AreEqual(0.1, factors[0], 1e-12);
        Assert.AreEqual(1.0, factors[9], 1e-12);
        Assert.AreEqual(1.0, factors[10], 1e-12);
        Assert.AreEqual(middle, factors[55], 1e-9);
        Assert.AreEqual(last, factors[99], 1e-6);
        Assert.AreEqual(1.0, LearningRates.Factor(schedule, 0, 100, 0), 1e-12);
    }
}
