using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// A module that owns parameters. They are declared on the meta device, which costs nothing, and get memory either from
/// <see cref="ModuleParameters.Initialize"/> or from a checkpoint, so that no weight is drawn only to be overwritten and torch's global
/// random state is left alone.
/// </summary>
public abstract class ParameterModule : nn.Module
{
    // An array, as TorchSharp would register a field of a parameter's type under the field's name.
    private readonly List<string> _names = [];
    private readonly List<ParameterRole> _roles = [];
    private Parameter[] _values = [];

    private protected ParameterModule(string name) : base(name)
    {
    }

    private protected Parameter this[int index] => _values[index];

    private protected void Declare(string key, ParameterRole role, params long[] shape)
    {
        var parameter = new Parameter(empty(shape, ScalarType.Float32, META));
        parameter.DetachFromDisposeScope();
        _names.Add(key);
        _roles.Add(role);
        _values = [.. _values, parameter];
        register_parameter(key, parameter);
    }

    /// <summary>The vectors of a table's rows, [indices' shape, channels].</summary>
    private protected static Tensor RowsOf(Tensor table, Tensor indices)
    {
        using var flat = indices.reshape(-1);
        using var rows = table.index_select(0, flat);
        return rows.view([.. indices.shape, table.shape[1]]);
    }

    internal ParameterRole RoleOf(string key) => _roles[_names.IndexOf(key)];

    /// <summary>Puts another tensor in a parameter's place; the old one is disposed.</summary>
    internal void Assign(string key, Tensor value)
    {
        int index = _names.IndexOf(key);
        var old = _values[index];
        var parameter = new Parameter(value, old.requires_grad);
        parameter.DetachFromDisposeScope();
        ConditionallyRegisterParameter(key, parameter);
        _values[index] = parameter;
        old.Dispose();
    }

    /// <inheritdoc/>
    protected override void _toEpilog(ScalarType? dtype, Device? device, bool non_blocking)
    {
        base._toEpilog(dtype, device, non_blocking);
        for (int i = 0; i < _values.Length; i++)
            _values[i] = _internal_params[_names[i]];
    }
}
