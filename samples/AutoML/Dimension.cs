using System.Globalization;
using System.Reflection;
using Microsoft.ML.SearchSpace;

namespace AutoML;

/// <summary>A property that a search varies, within the limits of its attribute; ML.NET's AutoML reads the same ones.</summary>
internal sealed class Dimension
{
    private readonly PropertyInfo _property;
    private object[]? _choices;
    private readonly bool _isLogarithmic;
    private double _min, _max;

    private Dimension(PropertyInfo property, RangeAttribute range)
    {
        _property = property;
        (_min, _max) = (Number(range.Min), Number(range.Max));
        _isLogarithmic = range.LogBase;
    }

    private Dimension(PropertyInfo property, object[] choices)
    {
        _property = property;
        _choices = choices;
    }

    /// <summary>The property's name.</summary>
    public string Name => _property.Name;

    /// <summary>The values at the limits: both ends of a range, or all choices.</summary>
    public IReadOnlyList<object> Extremes => _choices ?? [Value(_min), Value(_max)];

    /// <summary>The properties of a type that a search varies.</summary>
    /// <param name="type">The type.</param>
    public static IReadOnlyList<Dimension> Of(Type type) => [.. type.GetProperties().Select(Of).OfType<Dimension>()];

    /// <summary>Lowers the upper end of a range, e.g. where time is short.</summary>
    /// <param name="max">The new end.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is outside the range.</exception>
    /// <exception cref="InvalidOperationException">These are choices.</exception>
    public void Limit(double max)
    {
        if (_choices is not null)
            throw new InvalidOperationException($"{Name} is a choice, not a range.");
        if (!(max >= _min && max <= _max))
            throw new ArgumentOutOfRangeException(nameof(max), max, $"{Name} is searched from {_min} to {_max}.");
        _max = max;
    }

    /// <summary>Leaves some of the choices.</summary>
    /// <param name="choices">Those that stay.</param>
    /// <exception cref="ArgumentException">One is none of the choices, or none is left.</exception>
    public void Only(params object[] choices)
    {
        if (choices.Length == 0 || _choices is null || choices.Except(_choices).Any())
            throw new ArgumentException($"{Name} has not the choices {string.Join(", ", choices)}.", nameof(choices));
        _choices = choices;
    }

    /// <summary>Draws a value: each choice as often as the others; evenly from a range, or from its logarithms.</summary>
    /// <param name="random">The random number generator.</param>
    public object Draw(Random random)
    {
        if (_choices is not null)
            return _choices[random.Next(_choices.Length)];
        double share = random.NextDouble();
        // A range of whole numbers ends after its last one.
        double end = IsWhole ? _max + 1 : _max;
        double value = _isLogarithmic ? _min * Math.Pow(end / _min, share) : _min + (end - _min) * share;
        return Value(value);
    }

    /// <summary>Brings an object's value into the limits, which may be narrower than its default.</summary>
    /// <param name="options">The object.</param>
    public void Clamp(object options)
    {
        object value = _property.GetValue(options)!;
        if (_choices is null)
            Set(options, Value(Math.Clamp(Number(value), _min, _max)));
        else if (!_choices.Contains(value))
            Set(options, _choices[0]);
    }

    /// <summary>Sets the property of an object.</summary>
    /// <param name="options">The object.</param>
    /// <param name="value">The value.</param>
    public void Set(object options, object value) => _property.SetValue(options, value);

    private static Dimension? Of(PropertyInfo property) =>
        property.GetCustomAttribute<RangeAttribute>() is { } range ? new Dimension(property, range)
        : property.GetCustomAttribute<ChoiceAttribute>() is { } choice ? new Dimension(property, choice.Candidates)
        : property.GetCustomAttribute<BooleanChoiceAttribute>() is not null ? new Dimension(property, [false, true])
        : null;

    private bool IsWhole => _property.PropertyType == typeof(int);

    private static double Number(object value) => Convert.ToDouble(value, CultureInfo.InvariantCulture);

    // Powers may end a little beyond the range.
    private object Value(double value)
    {
        value = Math.Min(value, _max);
        return Convert.ChangeType(IsWhole ? Math.Floor(value) : value, _property.PropertyType, CultureInfo.InvariantCulture);
    }
}
