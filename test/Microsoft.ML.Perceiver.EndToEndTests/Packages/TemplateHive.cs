namespace Microsoft.ML.Perceiver.EndToEndTests.Packages;

/// <summary>The templates of a package, installed in a folder of their own and not for the user who runs the tests.</summary>
internal sealed class TemplateHive : IDisposable
{
    private readonly TemporaryFolder _hive = new();

    /// <summary>Installs a package of templates.</summary>
    /// <param name="package">Its file.</param>
    internal TemplateHive(string package) => DotNetCommand.Run(_hive.Path, "new", "install", package, "--debug:custom-hive", _hive["hive"]);

    /// <summary>Makes a program of a template, without a restore.</summary>
    /// <param name="template">The template's short name.</param>
    /// <param name="folder">The folder of the program, which is made; its name is the program's.</param>
    /// <param name="arguments">Further arguments.</param>
    internal void Create(string template, string folder, params string[] arguments) => DotNetCommand.Run(
        _hive.Path, ["new", template, "--output", folder, "--no-restore", "--debug:custom-hive", _hive["hive"], .. arguments]);

    public void Dispose() => _hive.Dispose();
}
