using System.IO.Compression;
using System.Xml.Linq;

namespace Microsoft.ML.Perceiver.EndToEndTests.Packages;

/// <summary>A package's entries and its nuspec.</summary>
internal sealed class PackageFile : IDisposable
{
    private readonly ZipArchive _zip;

    internal PackageFile(string file)
    {
        _zip = ZipFile.OpenRead(file);
        var nuspec = _zip.Entries.Single(e => e.FullName.EndsWith(".nuspec", StringComparison.Ordinal));
        using var stream = nuspec.Open();
        Metadata = XDocument.Load(stream).Root!.Elements().Single(e => e.Name.LocalName == "metadata");
    }

    internal XElement Metadata { get; }

    internal string[] Names => [.. _zip.Entries.Select(e => e.FullName)];

    /// <summary>The value of one of the nuspec's elements.</summary>
    internal string Value(string name) => Metadata.Elements().Single(e => e.Name.LocalName == name).Value;

    /// <summary>The ids of the dependencies for each framework.</summary>
    internal Dictionary<string, string[]> Dependencies => Metadata.Descendants()
        .Where(e => e.Name.LocalName == "group")
        .ToDictionary(
            group => group.Attribute("targetFramework")!.Value,
            group => group.Elements().Select(e => e.Attribute("id")!.Value).Order(StringComparer.Ordinal).ToArray());

    internal byte[] Bytes(string entry)
    {
        using var stream = _zip.GetEntry(entry)!.Open();
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }

    internal string Text(string entry) => System.Text.Encoding.UTF8.GetString(Bytes(entry));

    public void Dispose() => _zip.Dispose();
}
