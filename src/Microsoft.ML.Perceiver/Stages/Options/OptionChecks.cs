using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Reflection;

namespace Microsoft.ML.Perceiver;

/// <summary>Checks what the attributes of options say, with the exceptions that ML.NET throws of arguments.</summary>
internal static class OptionChecks
{
    /// <summary>Checks each property by itself: its attributes, and that a value of an enumeration is one of its names.</summary>
    /// <exception cref="ArgumentException">A name is missing or empty.</exception>
    /// <exception cref="ArgumentNullException">A value that is needed is missing.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    internal static void Check(object options)
    {
        foreach (var property in options.GetType().GetProperties())
        {
            object? value = property.GetValue(options);
            if (value is Enum && !Enum.IsDefined(value.GetType(), value))
                throw new ArgumentOutOfRangeException(property.Name, value, $"{property.Name} must be a value of {value.GetType().Name}.");
            foreach (var attribute in property.GetCustomAttributes<ValidationAttribute>())
            {
                if (!attribute.IsValid(value))
                    throw Error(property, value, attribute);
            }
        }
    }

    /// <summary>Checks that no setting for training differs from its default.</summary>
    /// <exception cref="ArgumentException">One does.</exception>
    internal static void RequireNoneForTraining(PerceiverOptions options)
    {
        object defaults = Activator.CreateInstance(options.GetType())!;
        foreach (var property in options.GetType().GetProperties().Where(p => p.IsDefined(typeof(ForTrainingAttribute))))
        {
            object? value = property.GetValue(options);
            bool isEmpty = value is IEnumerable items && !items.Cast<object>().Any();
            if (!isEmpty && !Equals(value, property.GetValue(defaults)))
                throw NoTraining(property.Name);
        }
    }

    /// <summary>The error of a setting for training where there is none.</summary>
    internal static ArgumentException NoTraining(string property) => new($"{property} is for training; there is none.", property);

    private static ArgumentException Error(PropertyInfo property, object? value, ValidationAttribute attribute)
    {
        string name = property.Name;
        if (attribute is not RangeAttribute range)
        {
            return value is null && property.PropertyType != typeof(string)
                ? new ArgumentNullException(name)
                : new ArgumentException($"{name} must not be empty.", name);
        }

        bool hasMaximum = Convert.ToDouble(range.Maximum) < int.MaxValue;
        bool isPositive = range.MinimumIsExclusive || range.Minimum is 1 or 1.0;
        string needed = hasMaximum ? $"from {range.Minimum} to {range.Maximum}" : isPositive ? "positive" : $"{range.Minimum} at least";
        string orNull = Nullable.GetUnderlyingType(property.PropertyType) is null ? "" : ", or null";
        return new ArgumentOutOfRangeException(name, value, $"{name} must be {needed}{orNull}.");
    }
}
