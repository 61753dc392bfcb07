using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// A module that owns parameters and buffers. They are declared on the meta device, which costs nothing, and get memory either from
/// <see cref="PerceiverModuleParameters.Initialize"/> or from a checkpoint, so that no weight is drawn only to be overwritten and torch's
/// global random state is left alone.
/// </summary>
public abstract class PerceiverParameterModule : nn.Module
{
    // An array, as TorchSharp would register a field of a parameter's type under the field's name.
    private readonly List<string> _names = [];
    private readonly List<ParameterRole> _roles = [];
    private Tensor[] _values = [];

    private protected PerceiverParameterModule(string name) : base(name)
    {
    }

    private protected Tensor this[int index] => _values[index];

    private protected void Declare(string key, ParameterRole role, params long[] shape)
    {
        var parameter = new Parameter(empty(shape, ScalarType.Float32, META));
        Add(key, role, parameter);
        register_parameter(key, parameter);
    }

    /// <summary>Declares a number that is kept with the weights but not learnt by gradients.</summary>
    private protected void DeclareBuffer(string key, ParameterRole role, ScalarType type, params long[] shape)
    {
        var buffer = empty(shape, type, META);
        Add(key, role, buffer);
        register_buffer(key, buffer);
    }

    private void Add(string key, ParameterRole role, Tensor value)
    {
        value.DetachFromDisposeScope();
        _names.Add(key);
        _roles.Add(role);
        _values = [.. _values, value];
    }

    /// <summary>The vectors of a table's rows, [indices' shape, channels].</summary>
    private protected static Tensor RowsOf(Tensor table, Tensor indices)
    {
        using var flat = indices.reshape(-1);
        using var rows = table.index_select(0, flat);
        return rows.view([.. indices.shape, table.shape[1]]);
    }

    internal ParameterRole RoleOf(string key) => _roles[_names.IndexOf(key)];

    /// <summary>Puts another tensor in a parameter's or a buffer's place; the old one is disposed.</summary>
    internal void Assign(string key, Tensor value)
    {
        int index = _names.IndexOf(key);
        var old = _values[index];
        if (old is Parameter)
        {
            var parameter = new Parameter(value, old.requires_grad);
            ConditionallyRegisterParameter(key, parameter);
            value = parameter;
        }
        else
        {
            ConditionallyRegisterBuffer(key, value);
        }

        value.DetachFromDisposeScope();
        _values[index] = value;
        old.Dispose();
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Buffers in float32 stay in float32 where the parameters are converted to a reduced precision: the small steps of running statistics
    /// would be rounded away in it.
    /// </remarks>
    protected override void _toEpilog(ScalarType? dtype, Device? device, bool non_blocking)
    {
        bool reduces = dtype is ScalarType.BFloat16 or ScalarType.Float16;
        var full = Array.ConvertAll(_values, v => reduces && IsFullBuffer(v) ? v.alias().DetachFromDisposeScope() : null);
        base._toEpilog(dtype, device, non_blocking);
        for (int i = 0; i < _values.Length; i++)
        {
            _values[i] = _values[i] is Parameter ? _internal_params[_names[i]] : _internal_buffers[_names[i]].Item1;
            if (full[i] is { } kept)
                Assign(_names[i], kept.to(_values[i].device, disposeAfter: true));
        }

        static bool IsFullBuffer(Tensor value) => value is not Parameter && value.dtype == ScalarType.Float32;
    }
}
