namespace Microsoft.ML.Perceiver.Tests.Distributed;

/// <summary>Which MPI is taken, and what is said where there is none that will do.</summary>
[TestClass]
public sealed class LibraryTests
{
    [TestMethod]
    [DataRow("PMI_RANK")]
    [DataRow("PMIX_RANK")]
    public void Variables_tell_that_mpiexec_started_a_process(string variable)
    {
        Assert.IsTrue(MpiLauncher.StartedThis(name => name == variable ? "0" : null));
        Assert.IsFalse(MpiLauncher.StartedThis(_ => null));
    }

    [TestMethod]
    public void Open_MPI_s_mpiexec_is_refused_by_name()
    {
        var variables = new Dictionary<string, string> { ["OMPI_COMM_WORLD_SIZE"] = "2", ["PMIX_RANK"] = "0" };
        using var process = MpiProcess.Start(1, "exchange numbers=1", variables);
        var (code, _, error) = MpiProcess.Finish(process);
        Assert.AreNotEqual(0, code);
        StringAssert.Contains(error, "Open MPI's mpiexec started this process.");
        StringAssert.Contains(error, "apt-get install mpich");
    }

    [TestMethod]
    public void A_missing_library_is_named_with_what_to_install()
    {
        var error = Assert.ThrowsExactly<DllNotFoundException>(() => MpiLibrary.Find(["libno-such-mpi.so.12"]));
        StringAssert.Contains(error.Message, "there is no MPI library (libno-such-mpi.so.12)");
        StringAssert.Contains(error.Message, "apt-get install mpich");
        StringAssert.Contains(error.Message, "MS-MPI");
    }
}
