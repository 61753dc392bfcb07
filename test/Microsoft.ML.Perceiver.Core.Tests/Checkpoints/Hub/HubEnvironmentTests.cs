namespace Microsoft.ML.Perceiver.Tests.Checkpoints.Hub;

/// <summary>What the environment and the token's file say, read as Python's client reads it.</summary>
[TestClass]
public sealed class HubEnvironmentTests : IDisposable
{
    private static readonly string[] Names =
    [
        "HOME", "USERPROFILE", "HF_HOME", "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "XDG_CACHE_HOME", "HF_TOKEN", "HUGGING_FACE_HUB_TOKEN",
        "HF_TOKEN_PATH", "HF_HUB_DISABLE_IMPLICIT_TOKEN", "HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_ENDPOINT", "MY_CACHES",
    ];

    private readonly TemporaryFolder _home = new();
    private readonly Dictionary<string, string?> _before = Names.ToDictionary(n => n, Environment.GetEnvironmentVariable);

    public HubEnvironmentTests()
    {
        foreach (string name in Names)
            Environment.SetEnvironmentVariable(name, null);
        Environment.SetEnvironmentVariable(OperatingSystem.IsWindows() ? "USERPROFILE" : "HOME", _home.Path);
        Environment.SetEnvironmentVariable("MY_CACHES", _home["mine"]);
    }

    public void Dispose()
    {
        foreach (var (name, value) in _before)
            Environment.SetEnvironmentVariable(name, value);
        _home.Dispose();
    }

    [TestMethod]
    [DataRow("HF_HOME", "~/models", "models/hub")]
    [DataRow("HF_HOME", "~", "hub")]
    [DataRow("HF_HOME", "$MY_CACHES/hf", "mine/hf/hub")]
    [DataRow("HF_HUB_CACHE", "~/a b", "a b")]
    [DataRow("HF_HUB_CACHE", "${MY_CACHES}", "mine")]
    [DataRow("HF_HUB_CACHE", " ~/spaces\n", "spaces")]
    [DataRow("HUGGINGFACE_HUB_CACHE", "~/old", "old")]
    [DataRow("XDG_CACHE_HOME", "~/.caches", ".caches/huggingface/hub")]
    [DataRow("XDG_CACHE_HOME", "$MY_CACHES", "mine/huggingface/hub")]
    [DataRow("HF_HUB_CACHE", "", ".cache/huggingface/hub")]
    public void Folders_of_variables_are_expanded(string name, string value, string expected)
    {
        Environment.SetEnvironmentVariable(name, value);
        Assert.AreEqual(_home[expected], new HubSettings(new()).CacheDirectory);
    }

    [TestMethod]
    [DataRow("~/models", "models")]
    [DataRow("~", "")]
    [DataRow("$MY_CACHES/x", "mine/x")]
    [DataRow("${MY_CACHES}x", "minex")]
    public void The_options_folder_is_expanded(string value, string expected) => Assert.AreEqual(
        Path.TrimEndingDirectorySeparator(_home[expected]), new HubSettings(new() { CacheDirectory = value }).CacheDirectory);

    [TestMethod]
    [DataRow("a~")]
    [DataRow("~user")]
    [DataRow("~~")]
    [DataRow("$NOT_SET/a")]
    [DataRow("a$")]
    public void Other_names_stay_as_they_are(string value) =>
        Assert.AreEqual(Path.GetFullPath(value), new HubSettings(new() { CacheDirectory = value }).CacheDirectory);

    [TestMethod]
    public void Home_is_that_of_the_user()
    {
        if (OperatingSystem.IsWindows())
            Environment.SetEnvironmentVariable("HOME", _home.Path);
        Assert.AreEqual(_home["hf"], new HubSettings(new() { CacheDirectory = "$HOME/hf" }).CacheDirectory);
        // A container's user often has a home that nobody made.
        Environment.SetEnvironmentVariable(OperatingSystem.IsWindows() ? "USERPROFILE" : "HOME", _home["none"]);
        Assert.AreEqual(_home["none/hf"], new HubSettings(new() { CacheDirectory = "~/hf" }).CacheDirectory);
    }

    [TestMethod]
    [DataRow(null, null, null, false)]
    [DataRow("1", null, null, true)]
    [DataRow(null, "1", null, true)]
    [DataRow(null, "yes", null, true)]
    [DataRow("", "True", null, true)]
    [DataRow("0", "1", null, false)]
    [DataRow(null, "0", null, false)]
    [DataRow(null, "1", false, false)]
    public void Offline_is_said_by_either_variable(string? hub, string? transformers, bool? option, bool expected)
    {
        Environment.SetEnvironmentVariable("HF_HUB_OFFLINE", hub);
        Environment.SetEnvironmentVariable("TRANSFORMERS_OFFLINE", transformers);
        Assert.AreEqual(expected, new HubSettings(new() { Offline = option }).Offline);
    }

    [TestMethod]
    public void The_token_comes_from_the_options_a_variable_or_the_login()
    {
        Assert.IsNull(Token());
        Directory.CreateDirectory(_home[".cache/huggingface"]);
        File.WriteAllText(_home[".cache/huggingface/token"], "hf_login\n");
        Assert.AreEqual("hf_login", Token());
        Environment.SetEnvironmentVariable("HF_HOME", "~/other");
        Assert.IsNull(Token(), "the login is in HF_HOME");
        Environment.SetEnvironmentVariable("HF_TOKEN_PATH", "~/.cache/huggingface/token");
        Assert.AreEqual("hf_login", Token());
        Environment.SetEnvironmentVariable("HUGGING_FACE_HUB_TOKEN", "hf_old");
        Assert.AreEqual("hf_old", Token());
        Environment.SetEnvironmentVariable("HF_TOKEN", "hf_variable\r\n");
        Assert.AreEqual("hf_variable", Token());
        Assert.AreEqual("hf_option", new HubSettings(new() { Token = " hf_option\n" }).Token);
        Assert.IsNull(new HubSettings(new() { Token = "" }).Token, "none is asked for");
        Environment.SetEnvironmentVariable("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1");
        Assert.IsNull(Token());
        Assert.AreEqual("hf_option", new HubSettings(new() { Token = "hf_option" }).Token);

        static string? Token() => new HubSettings(new()).Token;
    }

    [TestMethod]
    [DataRow("hf_\u00e4")]
    [DataRow("two words")]
    [DataRow("hf_\u0001")]
    public void A_token_that_is_none_is_refused_and_not_told(string token)
    {
        var e = Assert.ThrowsExactly<ArgumentException>(() => new HubSettings(new() { Token = token }));
        Assert.DoesNotContain(token, e.Message);
    }

    [TestMethod]
    public void A_token_with_a_newline_opens_a_model()
    {
        string source = GoldenFolder.BundledPathOf("models", "mlm_default");
        using var hub = new LoopbackHub(
            new[] { "config.json", "model.safetensors" }.Select(f => (f, File.ReadAllBytes(Path.Combine(source, f)))));
        hub.Token = "secret";
        Environment.SetEnvironmentVariable("HF_TOKEN", "secret\n");
        var options = hub.Options("~/cache", TimeSpan.FromSeconds(10)) with { Token = null };
        StringAssert.StartsWith(PerceiverCheckpoint.FromHub("owner/model", options: options).Source, _home["cache"]);
    }
}
