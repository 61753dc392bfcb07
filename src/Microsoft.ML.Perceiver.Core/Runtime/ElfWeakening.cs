using System.Buffers.Binary;
using System.Text;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Makes a copy of a library that a system without one symbol version can load. The copy marks that version as weak, so that the loader
/// ignores it where it is missing. That is safe only if nothing in the library uses a symbol of the version.
/// </summary>
internal static class ElfWeakening
{
    private const ushort WeakFlag = 2;

    /// <summary>Returns a copy of <paramref name="file"/> that can be loaded without <paramref name="version"/>.</summary>
    /// <param name="file">The library.</param>
    /// <param name="library">The library that has the version, e.g. <c>libstdc++.so.6</c>.</param>
    /// <param name="version">The version that may be missing, e.g. <c>GLIBCXX_3.4.32</c>.</param>
    /// <param name="symbol">The only symbol of that version which may be named; nothing may refer to it.</param>
    /// <exception cref="InvalidOperationException">It would not be safe; the message says why.</exception>
    /// <exception cref="FormatException">The file is malformed.</exception>
    internal static byte[] Weaken(ElfFile file, string library, string version, string symbol)
    {
        var need = FindOnly(file, library, version);
        CheckUnused(file, need, symbol);
        byte[] copy = file.Content.ToArray();
        BinaryPrimitives.WriteUInt16LittleEndian(copy.AsSpan((int)need.Offset + 4), (ushort)(need.Flags | WeakFlag));
        return copy;
    }

    private static ElfVersionNeed FindOnly(ElfFile file, string library, string version)
    {
        var needs = file.VersionNeeds.Where(n => n.Library == library && n.Version == version).ToArray();
        if (needs.Length != 1)
            throw new InvalidOperationException($"The library needs {version} of {library} {needs.Length} times; it must be once.");
        if (file.VersionNeeds.Count(n => n.Index == needs[0].Index) != 1)
            throw new InvalidOperationException($"Version number {needs[0].Index} stands for more than {version}.");
        return needs[0];
    }

    private static void CheckUnused(ElfFile file, ElfVersionNeed need, string symbol)
    {
        byte[] expected = Encoding.UTF8.GetBytes(symbol);
        for (ulong i = 0; i < file.SymbolCount; i++)
        {
            if (file.VersionIndex(i) != need.Index)
                continue;
            var name = file.SymbolName(i);
            if (!name.SequenceEqual(expected))
            {
                throw new InvalidOperationException(
                    $"The symbol {Encoding.UTF8.GetString(name)} needs {need.Version}; only {symbol} may be missing.");
            }

            if (!file.IsUndefined(i))
            {
                throw new InvalidOperationException(
                    $"The library itself defines {symbol}, so that no other library supplies {need.Version}.");
            }

            if (file.IsRelocated(i))
            {
                throw new InvalidOperationException(
                    $"The library refers to {symbol} of {need.Version}, so that it cannot run without the symbol.");
            }
        }
    }
}
