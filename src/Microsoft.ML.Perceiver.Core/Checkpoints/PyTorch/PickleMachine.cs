using System.Numerics;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Reads a pickle as far as tensors need it: numbers, texts, bytes, tuples, lists, dictionaries and the names of
/// <see cref="PickleGlobal"/>. All other operations and names are refused, and the numbers of operations and values are limited.
/// </summary>
internal sealed class PickleMachine
{
    // A thousand tensors take some 50,000 operations and 20,000 values.
    private const int MostOperations = 1 << 21, MostValues = 1 << 18;

    private readonly PickleInput _input;
    private readonly PickleStack _stack;
    private readonly PickleObjects _objects;
    private readonly Dictionary<long, object?> _memo = [];
    private int _values;
    private long _place;

    private PickleMachine(PickleInput input, TorchStorages storages)
    {
        _input = input;
        _stack = new PickleStack(Damaged);
        _objects = new PickleObjects(storages, Damaged);
    }

    /// <summary>Reads one pickle.</summary>
    /// <param name="input">Its bytes; those after it are not read.</param>
    /// <param name="storages">The storages it names are added here.</param>
    /// <exception cref="FormatException">
    /// It is damaged, or has operations or names that no checkpoint needs; the message gives the byte.
    /// </exception>
    internal static object? Read(PickleInput input, TorchStorages storages) => new PickleMachine(input, storages).Run();

    private object? Run()
    {
        for (int operations = 0; operations < MostOperations; operations++)
        {
            _place = _input.Position;
            byte code = _input.Byte();
            if (code == '.')
                return _stack.Single();
            Step(code);
        }

        throw Damaged($"the pickle has more than {MostOperations} operations");
    }

    private void Step(byte code)
    {
        switch ((char)code)
        {
            case '\x80':
                if (_input.Byte() is var protocol and (< 2 or > 5))
                    throw Damaged($"the pickle is of protocol {protocol}, not 2 to 5");
                break;
            case '\x95': _input.UInt64(); break;
            case '(': _stack.Mark(); break;
            case '0': _stack.Pop(); break;
            case 'N': Push(null); break;
            case '\x88': Push(true); break;
            case '\x89': Push(false); break;
            case 'K': Push((long)_input.Byte()); break;
            case 'M': Push((long)_input.UInt16()); break;
            case 'J': Push((long)_input.Int32()); break;
            case '\x8a': PushInteger(new BigInteger(_input.Bytes(_input.Byte()))); break;
            case 'G': Push(_input.Double()); break;
            case 'X': Push(_input.Text(_input.UInt32())); break;
            case '\x8c': Push(_input.Text(_input.Byte())); break;
            case '\x8d': Push(_input.Text(_input.UInt64())); break;
            case 'U': Push(Latin1(_input.Bytes(_input.Byte()))); break;
            case 'T': Push(Latin1(_input.Bytes(_input.UInt32()))); break;
            case 'C': Push(_input.Bytes(_input.Byte())); break;
            case 'B': Push(_input.Bytes(_input.UInt32())); break;
            case '\x8e': Push(_input.Bytes(_input.UInt64())); break;
            case ')': Push(Array.Empty<object?>()); break;
            case '\x85': Push(_stack.Pop(1)); break;
            case '\x86': Push(_stack.Pop(2)); break;
            case '\x87': Push(_stack.Pop(3)); break;
            case 't': Push(_stack.PopToMark()); break;
            case ']': Push(new List<object?>()); break;
            case 'a': Append([_stack.Pop()]); break;
            case 'e': Append(_stack.PopToMark()); break;
            case '}': Push(new PickleDictionary()); break;
            case 's': SetItems(_stack.Pop(2)); break;
            case 'u': SetItems(_stack.PopToMark()); break;
            case 'q': Memoize(_input.Byte()); break;
            case 'r': Memoize(_input.UInt32()); break;
            case '\x94': Memoize(_memo.Count); break;
            case 'h': Recall(_input.Byte()); break;
            case 'j': Recall(_input.UInt32()); break;
            case 'c': Push(_objects.Global(_input.Line(), _input.Line())); break;
            case '\x93': Push(_objects.Global(_stack.Pop(2))); break;
            case 'Q': Push(_objects.Storage(_stack.Pop(), _place)); break;
            case 'R': Push(_objects.Call(_stack.Pop(2))); break;
            case 'b': Build(_stack.Pop()); break;
            default: throw Damaged($"the pickle has the operation 0x{code:X2}, which no checkpoint needs");
        }
    }

    private void Push(object? value)
    {
        Count();
        _stack.Push(value);
    }

    private void Count()
    {
        if (++_values > MostValues)
            throw Damaged($"the pickle has more than {MostValues} values");
    }

    private void Append(object?[] items)
    {
        if (_stack.Top() is not List<object?> list)
            throw Damaged("items are added to what is no list");
        list.AddRange(items);
    }

    private void SetItems(object?[] items)
    {
        if (_stack.Top() is not PickleDictionary dictionary || items.Length % 2 != 0)
            throw Damaged("keys and values are added to what is no dictionary, or not in pairs");
        for (int i = 0; i < items.Length; i += 2)
        {
            string key = items[i] switch
            {
                string text => text,
                long number => number.ToString(System.Globalization.CultureInfo.InvariantCulture),
                _ => throw Damaged("the key of a dictionary is neither a text nor a whole number"),
            };
            if (!dictionary.TryAdd(key, items[i + 1]))
                throw Damaged($"a dictionary has the key '{PickleObjects.Short(key)}' twice");
            Count();
        }
    }

    // The attributes of a state dictionary are versions of modules, which are ignored.
    private void Build(object? attributes)
    {
        if (_stack.Top() is not PickleDictionary || attributes is not PickleDictionary)
            throw Damaged("attributes are set of what is no dictionary");
    }

    private void Memoize(long index)
    {
        Count();
        _memo[index] = _stack.Top();
    }

    private void Recall(long index)
    {
        if (!_memo.TryGetValue(index, out object? value))
            throw Damaged($"the pickle recalls value {index}, which it has not got");
        _stack.Push(value);
    }

    private void PushInteger(BigInteger value)
    {
        if (value >= long.MinValue && value <= long.MaxValue)
            Push((long)value);
        else
            Push(value);
    }

    private static string Latin1(byte[] bytes) => System.Text.Encoding.Latin1.GetString(bytes);

    private FormatException Damaged(string what) => _input.Damaged(_place, what);
}
