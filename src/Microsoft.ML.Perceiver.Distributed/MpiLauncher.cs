namespace Microsoft.ML.Perceiver;

/// <summary>What the environment says of the program that started this process.</summary>
internal static class MpiLauncher
{
    /// <summary>How a process is started, for messages.</summary>
    internal const string Advice = "On Debian and Ubuntu `apt-get install mpich` installs MPICH, and `mpiexec.mpich -n 2 PROGRAM` starts "
        + "two processes; on Windows install MS-MPI (msmpisetup.exe).";

    /// <summary>Why Open MPI is refused.</summary>
    internal const string Reason = "MPI.NET needs the handles of MPICH or MS-MPI, and Open MPI has others.";

    // Set by the mpiexec of MPICH, Intel MPI and MS-MPI, and by Slurm's srun --mpi=pmi2.
    private static readonly string[] s_variables = ["PMI_RANK", "PMI_FD", "PMIX_RANK"];

    // Set by Open MPI's mpiexec alone.
    private const string OpenMpi = "OMPI_COMM_WORLD_SIZE";

    /// <summary>Whether this is one of the processes of a group.</summary>
    /// <param name="variable">The value of an environment variable; null where it is not set.</param>
    /// <exception cref="NotSupportedException">Open MPI started it.</exception>
    internal static bool StartedThis(Func<string, string?> variable)
    {
        if (variable(OpenMpi) is not null)
            throw new NotSupportedException($"Open MPI's mpiexec started this process. {Reason} {Advice}");
        return s_variables.Any(name => variable(name) is not null);
    }
}
