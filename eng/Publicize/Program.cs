using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

// Publicize <target folder> <assembly>...: writes copies of assemblies in which every type and member is public, to compile against.
// The visibility is the lowest three bits of the flags of each TypeDef, Field and MethodDef row (ECMA-335, II.23.1).
foreach (string source in args[1..])
{
    byte[] image = File.ReadAllBytes(source);
    using var pe = new PEReader([.. image]);
    var reader = pe.GetMetadataReader();
    int start = pe.PEHeaders.MetadataStartOffset;

    void Rewrite(TableIndex table, int flagsOffset, Func<int, int> widen)
    {
        int row = start + reader.GetTableMetadataOffset(table) + flagsOffset;
        for (int i = 0; i < reader.GetTableRowCount(table); i++, row += reader.GetTableRowSize(table))
            image[row] = (byte)((image[row] & ~7) | widen(image[row] & 7));
    }

    // Types: not public becomes public, any nested visibility nested public. Members: private to protected internal become public but for
    // what nobody can call (0) and explicit implementations, which stay private (1).
    Rewrite(TableIndex.TypeDef, 0, v => v == 0 ? 1 : v > 2 ? 2 : v);
    Rewrite(TableIndex.Field, 0, v => v is 2 or 3 or 5 ? 6 : v);
    Rewrite(TableIndex.MethodDef, 6, v => v is 2 or 3 or 5 ? 6 : v);
    Directory.CreateDirectory(args[0]);
    File.WriteAllBytes(Path.Combine(args[0], Path.GetFileName(source)), image);
}
