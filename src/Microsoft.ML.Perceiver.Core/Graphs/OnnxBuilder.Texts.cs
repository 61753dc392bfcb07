namespace Microsoft.ML.Perceiver;

/// <content>Operators of texts.</content>
internal sealed partial class OnnxBuilder
{
    /// <summary>The parts of texts that a regular expression of RE2 finds, from left to right.</summary>
    /// <param name="texts">Strings [texts].</param>
    /// <param name="pattern">The expression.</param>
    /// <param name="size">The name of the number of parts.</param>
    /// <returns>Strings [texts, parts], filled up with empty ones.</returns>
    internal OnnxValue PartsOf(OnnxValue texts, string pattern, string size)
    {
        RequireElement("Tokenizer", OnnxElement.String, texts);
        OnnxAttribute[] attributes =
        [
            Attribute("mark", 0L),
            Attribute("mincharnum", 1L),
            Attribute("pad_value", ""),
            Attribute("tokenexp", pattern),
        ];
        var parts = AddTo(OnnxOperators.RuntimeDomain, "Tokenizer", OnnxElement.String, [texts[0], size], [texts], attributes);
        _sizes[size] = SizeOfAxis(parts, 1);
        return parts;
    }

    /// <summary>The number of each string in a table.</summary>
    /// <param name="strings">Strings of any shape.</param>
    /// <param name="table">The strings and their numbers.</param>
    /// <param name="otherwise">The number of strings that are not in the table.</param>
    internal OnnxValue LookUp(OnnxValue strings, IReadOnlyDictionary<string, long> table, long otherwise)
    {
        RequireElement("LabelEncoder", OnnxElement.String, strings);
        OnnxAttribute[] attributes =
        [
            Attribute("keys_strings", table.Keys.ToArray()),
            Attribute("values_int64s", table.Values.ToArray()),
            Attribute("default_int64", otherwise),
        ];
        return AddTo(OnnxOperators.LearningDomain, "LabelEncoder", OnnxElement.Int64, strings.Shape, [strings], attributes);
    }

    /// <summary>The 32-bit MurmurHash3 of the UTF-8 bytes of strings, as integers from 0 on.</summary>
    internal OnnxValue Hash(OnnxValue strings, long seed)
    {
        const string type = "MurmurHash3";
        RequireElement(type, OnnxElement.String, strings);
        OnnxAttribute[] attributes = [Attribute("positive", 1L), Attribute("seed", seed)];
        var hash = AddTo(OnnxOperators.RuntimeDomain, type, OnnxElement.UInt32, strings.Shape, [strings], attributes);
        return Cast(hash, OnnxElement.Int64);
    }
}
