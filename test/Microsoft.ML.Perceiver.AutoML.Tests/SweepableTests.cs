using System.Reflection;
using Microsoft.ML.AutoML;
using Microsoft.ML.SearchSpace;
using Microsoft.ML.SearchSpace.Option;

namespace Microsoft.ML.Perceiver.AutoML.Tests;

/// <summary>ML.NET's AutoML reads the search spaces from the options' attributes, and its parameters become trainers.</summary>
[TestClass]
public sealed class SweepableTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    [DataRow(typeof(PerceiverTextSearchOptions))]
    [DataRow(typeof(PerceiverImageSearchOptions))]
    public void A_space_has_what_has_an_attribute(Type type)
    {
        SearchSpace.SearchSpace space = type == typeof(PerceiverTextSearchOptions)
            ? new SearchSpace<PerceiverTextSearchOptions>()
            : new SearchSpace<PerceiverImageSearchOptions>();
        static bool IsSearched(PropertyInfo property) =>
            property.GetCustomAttribute<RangeAttribute>() is not null
            || property.GetCustomAttribute<ChoiceAttribute>() is not null
            || property.GetCustomAttribute<BooleanChoiceAttribute>() is not null;
        string[] expected = [.. type.GetProperties().Where(IsSearched).Select(p => p.Name)];
        CollectionAssert.AreEquivalent(expected, space.Keys.ToArray());
    }

    [TestMethod]
    public void The_default_point_is_the_default_options()
    {
        var space = new SearchSpace<PerceiverTextSearchOptions>();
        var (sampled, expected) = (space.SampleFromFeatureSpace(space.Default), new PerceiverTextSearchOptions());
        foreach (var property in typeof(PerceiverTextSearchOptions).GetProperties())
        {
            if (property.PropertyType == typeof(double))
                Assert.AreEqual((double)property.GetValue(expected)!, (double)property.GetValue(sampled)!, 1e-6, property.Name);
            else
                Assert.AreEqual(property.GetValue(expected), property.GetValue(sampled), property.Name);
        }
    }

    [TestMethod]
    public void Every_point_makes_a_trainer()
    {
        var random = new Random(1);
        var (texts, images) = (_context.Auto().PerceiverText("L", "T"), _context.Auto().PerceiverImage("L", "I"));
        foreach (var sweepable in new[] { texts, images })
        {
            int size = sweepable.SearchSpace.FeatureSpaceDim;
            double[] lowest = new double[size];
            double[] highest = [.. Enumerable.Repeat(1.0, size)];
            double[] RandomPoint() => [.. Enumerable.Range(0, size).Select(_ => random.NextDouble())];
            double[][] points = [lowest, highest, .. Enumerable.Range(0, 30).Select(_ => RandomPoint())];
            foreach (double[] point in points)
                Assert.IsNotNull(sweepable.BuildFromOption(_context, sweepable.SearchSpace.SampleFromFeatureSpace(point)));
        }
    }

    [TestMethod]
    public void Columns_travel_with_the_space_and_a_narrower_space_is_kept()
    {
        var defaults = new PerceiverTextSearchOptions { TextColumnName = "Body", Epochs = 4 };
        var space = new SearchSpace<PerceiverTextSearchOptions>(defaults) { ["Epochs"] = new UniformIntOption(2, 3) };
        space.Remove("Size");
        var sweepable = _context.Auto().PerceiverText(space);
        double[] point = [.. Enumerable.Repeat(0.9, space.FeatureSpaceDim)];
        var options = sweepable.SearchSpace.SampleFromFeatureSpace(point).AsType<PerceiverTextSearchOptions>();
        Assert.AreEqual(("Body", 2, PerceiverModelSize.Small), (options.TextColumnName, options.Epochs, options.Size));
    }

    [TestMethod]
    public void A_users_own_sweepable_is_one_line()
    {
        var sweepable = _context.Auto().CreateSweepableEstimator(
            (context, options) => context.MulticlassClassification.Trainers.PerceiverText(options),
            new SearchSpace<PerceiverTextSearchOptions>());
        Assert.IsInstanceOfType<PerceiverTextClassificationEstimator>(sweepable.BuildFromOption(_context, sweepable.Parameter));
    }

    [TestMethod]
    public void Nulls_are_refused()
    {
        Assert.ThrowsExactly<ArgumentNullException>(() => _context.Auto().PerceiverText((SearchSpace<PerceiverTextSearchOptions>)null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => _context.Auto().PerceiverImage((SearchSpace<PerceiverImageSearchOptions>)null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => default(AutoMLExperiment)!.SetPerceiverTrialRunner());
    }
}
