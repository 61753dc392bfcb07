using System.Runtime.Versioning;
using System.Security.Cryptography;

namespace Microsoft.ML.Perceiver.Tests.Runtime;

[TestClass]
[OSCondition(OperatingSystems.Linux)]
[SupportedOSPlatform("linux")]
public sealed class WeakenedLibraryTests : IDisposable
{
    private readonly ElfFile _original = TestLibrary.Parse(TestLibrary.Read());
    private readonly TemporaryFolder _root = new();

    public void Dispose() => _root.Dispose();

    [TestMethod]
    public void The_copy_is_named_by_the_originals_hash_and_its_owners_alone()
    {
        var path = Write();
        Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(_original.Content.Span)), Path.GetFileName(path));
        Assert.AreEqual(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        AssertWhole(path);
    }

    [TestMethod]
    public void A_good_copy_is_used_again()
    {
        var path = Write();
        var time = new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(path, time);
        Assert.AreEqual(path, Write());
        Assert.AreEqual(time, File.GetLastWriteTimeUtc(path));
    }

    [TestMethod]
    public void A_tampered_copy_is_rewritten()
    {
        var path = Write();
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);
        AssertWhole(Write());
    }

    [TestMethod]
    public void A_truncated_copy_is_rewritten()
    {
        var path = Write();
        using (var file = File.OpenWrite(path))
            file.SetLength(1000);
        AssertWhole(Write());
    }

    [TestMethod]
    public void A_copy_that_others_can_write_is_rewritten()
    {
        var path = Write();
        File.SetUnixFileMode(path, (UnixFileMode)0x1b6);
        Write();
        Assert.AreEqual(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [TestMethod]
    public void A_link_in_the_copys_place_is_replaced_and_its_target_left_alone()
    {
        var path = Write();
        File.Move(path, _root["elsewhere"]);
        File.CreateSymbolicLink(path, _root["elsewhere"]);
        Write();
        Assert.IsNull(File.ResolveLinkTarget(path, returnFinalTarget: false));
        AssertWhole(_root["elsewhere"]);
    }

    private string Write()
    {
        var folder = PrivateFolder.OpenOrCreate(_root["cache"], [])!;
        return WeakenedLibrary.Write(_original, folder);
    }

    private void AssertWhole(string path)
    {
        CollectionAssert.AreEqual(
            ElfWeakening.Weaken(_original, WeakenedLibrary.Library, WeakenedLibrary.Version, WeakenedLibrary.Symbol),
            File.ReadAllBytes(path));
        Assert.HasCount(1, Directory.GetFiles(_root["cache"]));
    }
}
