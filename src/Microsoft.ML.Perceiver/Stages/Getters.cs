using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>Getters of values that are at hand.</summary>
internal static class Getters
{
    /// <summary>A getter that copies an array into a vector.</summary>
    internal static Delegate Vector<T>(Func<T[]> values)
    {
        ValueGetter<VBuffer<T>> getter = (ref VBuffer<T> destination) =>
        {
            T[] source = values();
            var editor = VBufferEditor.Create(ref destination, source.Length);
            source.CopyTo(editor.Values);
            destination = editor.Commit();
        };
        return getter;
    }

    /// <summary>A getter of a single value.</summary>
    internal static Delegate Scalar<T>(Func<T> value)
    {
        ValueGetter<T> getter = (ref T destination) => destination = value();
        return getter;
    }
}
