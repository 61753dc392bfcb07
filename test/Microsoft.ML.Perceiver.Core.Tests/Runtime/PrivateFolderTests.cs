using System.Diagnostics;
using System.Runtime.Versioning;

namespace Microsoft.ML.Perceiver.Tests.Runtime;

[TestClass]
[OSCondition(OperatingSystems.Linux)]
[SupportedOSPlatform("linux")]
public class PrivateFolderTests
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    [TestMethod]
    public void A_new_folder_is_its_owners_alone()
    {
        using var root = new TemporaryFolder();
        var problems = new List<string>();
        Assert.AreEqual(root["a/b"], PrivateFolder.OpenOrCreate(root["a/b"], problems)?.Path);
        Assert.AreEqual(OwnerOnly, File.GetUnixFileMode(root["a/b"]));
        Assert.IsNotNull(PrivateFolder.OpenOrCreate(root["a/b"], problems));
        Assert.IsEmpty(problems);
    }

    [TestMethod]
    [DataRow(UnixFileMode.GroupRead)]
    [DataRow(UnixFileMode.GroupWrite)]
    [DataRow(UnixFileMode.OtherWrite)]
    [DataRow(UnixFileMode.OtherExecute)]
    public void A_folder_open_to_others_is_not_used(UnixFileMode more)
    {
        using var root = new TemporaryFolder();
        Directory.CreateDirectory(root["a"]);
        File.SetUnixFileMode(root["a"], OwnerOnly | more);
        AssertRefused(root["a"], "mode 7");
    }

    [TestMethod]
    public void A_link_to_a_folder_is_not_used()
    {
        using var root = new TemporaryFolder();
        Directory.CreateDirectory(root["a"], OwnerOnly);
        Directory.CreateSymbolicLink(root["b"], root["a"]);
        AssertRefused(root["b"], "not a folder");
    }

    [TestMethod]
    public void A_folder_that_everyone_can_replace_is_not_used()
    {
        using var root = new TemporaryFolder();
        Directory.CreateDirectory(root["a/b"], OwnerOnly);
        File.SetUnixFileMode(root["a"], (UnixFileMode)0x1ff);
        AssertRefused(root["a/b"], "by everyone");
    }

    [TestMethod]
    public void A_folder_that_a_group_can_replace_is_not_used()
    {
        using var root = new TemporaryFolder();
        Directory.CreateDirectory(root["a/b"], OwnerOnly);
        File.SetUnixFileMode(root["a"], OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute);
        AssertRefused(root["a/b"], "by its group");
        // As in /tmp, nobody can replace the files of others there.
        File.SetUnixFileMode(root["a"], OwnerOnly | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.StickyBit);
        Assert.IsNotNull(PrivateFolder.OpenOrCreate(root["a/b"], []));
    }

    [TestMethod]
    public void A_link_above_is_followed_to_what_others_can_replace()
    {
        using var root = new TemporaryFolder();
        Directory.CreateDirectory(root["open/mine/native"], OwnerOnly);
        Directory.CreateSymbolicLink(root["cache"], root["open/mine"]);
        Directory.CreateSymbolicLink(root["again"], root["cache"]);
        Assert.IsNotNull(PrivateFolder.OpenOrCreate(root["cache/native"], []));
        File.SetUnixFileMode(root["open"], (UnixFileMode)0x1ff);
        AssertRefused(root["cache/native"], "by everyone");
        AssertRefused(root["again/native"], "by everyone");
    }

    [TestMethod]
    public void A_link_above_into_a_folder_of_someone_else_is_not_used()
    {
        if (UnixFileStatus.CurrentUser != 0)
            Assert.Inconclusive("Only root can give a folder away.");
        using var root = new TemporaryFolder();
        Directory.CreateDirectory(root["theirs/native"], OwnerOnly);
        using (var chown = Process.Start("chown", ["12345", root["theirs"]]))
            chown.WaitForExit();
        Directory.CreateSymbolicLink(root["cache"], root["theirs"]);
        AssertRefused(root["cache/native"], "belongs to user 12345");
    }

    [TestMethod]
    public void A_folder_of_someone_else_is_not_used()
    {
        if (UnixFileStatus.CurrentUser != 0)
            Assert.Inconclusive("Only root can give a folder away.");
        using var root = new TemporaryFolder();
        Directory.CreateDirectory(root["a"], OwnerOnly);
        using (var chown = Process.Start("chown", ["12345", root["a"]]))
            chown.WaitForExit();
        AssertRefused(root["a"], "belongs to user 12345");
    }

    [TestMethod]
    public void A_place_that_cannot_hold_folders_is_told()
    {
        AssertRefused("/dev/null/a", "/dev/null/a");
        AssertRefused("/proc/a", "/proc/a");
    }

    private static void AssertRefused(string path, string why)
    {
        var problems = new List<string>();
        Assert.IsNull(PrivateFolder.OpenOrCreate(path, problems));
        Assert.Contains(why, problems.Single());
    }
}
