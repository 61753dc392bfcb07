using System.Globalization;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <content>Constants: numbers, and a model's parameters.</content>
internal sealed partial class OnnxBuilder
{
    private readonly List<OnnxInitializer> _initializers = [];
    private readonly List<Tensor> _owned = [];
    private readonly Dictionary<string, OnnxValue> _numbers = new(StringComparer.Ordinal);
    private readonly Dictionary<(Tensor Tensor, OnnxLayout Layout), OnnxValue> _parameters = new(ByReference.Instance);
    private readonly HashSet<string> _constantNames = new(StringComparer.Ordinal);

    /// <summary>A float without axes.</summary>
    internal OnnxValue Scalar(double number)
    {
        string key = number.ToString("r", CultureInfo.InvariantCulture);
        return Numbers($"float_{key}", () => tensor((float)number), OnnxElement.Float, []);
    }

    /// <summary>A 64-bit float without axes.</summary>
    internal OnnxValue Double(double number)
    {
        string key = number.ToString("r", CultureInfo.InvariantCulture);
        return Numbers($"double_{key}", () => tensor(number), OnnxElement.Double, []);
    }

    /// <summary>Floats [numbers].</summary>
    internal OnnxValue Floats(params IReadOnlyList<double> numbers)
    {
        string key = string.Join('_', numbers.Select(n => n.ToString("r", CultureInfo.InvariantCulture)));
        return Numbers($"floats_{key}", () => tensor([.. numbers.Select(n => (float)n)]), OnnxElement.Float, [numbers.Count]);
    }

    /// <summary>64-bit integers [numbers].</summary>
    internal OnnxValue Integers(params IReadOnlyList<long> numbers) =>
        Numbers($"integers_{string.Join('_', numbers)}", () => tensor([.. numbers]), OnnxElement.Int64, [numbers.Count]);

    /// <summary>A 64-bit integer without axes.</summary>
    internal OnnxValue Integer(long number) =>
        Numbers($"integer_{number.ToString(CultureInfo.InvariantCulture)}", () => tensor(number), OnnxElement.Int64, []);

    /// <summary>A parameter of the model, float32 in the graph whatever it is stored as.</summary>
    /// <param name="parameter">The parameter; it is read when the graph is written.</param>
    /// <param name="layout">As it is, or transposed.</param>
    internal OnnxValue Parameter(Tensor parameter, OnnxLayout layout = OnnxLayout.AsIs)
    {
        if (_parameters.TryGetValue((parameter, layout), out var known))
            return known;
        long[] shape = layout == OnnxLayout.Transposed ? [.. Enumerable.Reverse(parameter.shape)] : parameter.shape;
        // Vectors are few numbers, and those that normalise need their digits.
        bool isHalf = form.Weights == OnnxWeights.Float16 && shape.Length > 1;
        string name = NameOf(parameter) + (layout == OnnxLayout.Transposed ? ".transposed" : "");
        var stored = Initializer(name, isHalf ? OnnxElement.Float16 : OnnxElement.Float, shape, parameter, layout);
        return _parameters[(parameter, layout)] = isHalf ? Cast(stored, OnnxElement.Float) : stored;
    }

    /// <summary>A float32 tensor that was made for the graph, which disposes it.</summary>
    internal OnnxValue Table(string name, Tensor table)
    {
        _owned.Add(table.DetachFromDisposeScope());
        return Initializer(name, OnnxElement.Float, table.shape, table, OnnxLayout.AsIs);
    }

    /// <summary>Refuses numbers that graphs cannot have.</summary>
    /// <exception cref="NotSupportedException">The message names the parameter and its type.</exception>
    private OnnxValue Initializer(
        string name, OnnxElement element, long[] shape, Tensor source, OnnxLayout layout, Tensor? scales = null)
    {
        if (source.dtype == ScalarType.BFloat16)
        {
            throw new NotSupportedException(
                $"'{name}' is BFloat16, which ONNX Runtime cannot compute with on a CPU; load the model in Float32 for the export.");
        }

        if (source.is_meta)
            throw new InvalidOperationException($"'{name}' has no weights yet; load or initialise the model before the export.");
        string unique = name;
        for (int i = 2; !_constantNames.Add(unique); i++)
            unique = $"{name}.{i.ToString(CultureInfo.InvariantCulture)}";
        var value = new OnnxValue(unique, element, [.. shape.Select(n => (OnnxDimension)n)]);
        _initializers.Add(new OnnxInitializer(value, source, layout, scales));
        return value;
    }

    private OnnxValue Numbers(string name, Func<Tensor> make, OnnxElement element, long[] shape)
    {
        if (_numbers.TryGetValue(name, out var known))
            return known;
        var numbers = make().DetachFromDisposeScope();
        _owned.Add(numbers);
        return _numbers[name] = Initializer(name, element, shape, numbers, OnnxLayout.AsIs);
    }

    private OnnxValue Number(double number, OnnxElement element) => element == OnnxElement.Double ? Double(number) : Scalar(number);

    private string NameOf(Tensor parameter) => names?.GetValueOrDefault(parameter) ?? "parameter";

    private sealed class ByReference : IEqualityComparer<(Tensor Tensor, OnnxLayout Layout)>
    {
        internal static ByReference Instance { get; } = new();

        public bool Equals((Tensor Tensor, OnnxLayout Layout) x, (Tensor Tensor, OnnxLayout Layout) y) =>
            ReferenceEquals(x.Tensor, y.Tensor) && x.Layout == y.Layout;

        public int GetHashCode((Tensor Tensor, OnnxLayout Layout) key) =>
            HashCode.Combine(System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(key.Tensor), key.Layout);
    }
}
