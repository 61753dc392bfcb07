using System.Runtime.InteropServices;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Finds the MPI library. MPI.NET asks for MS-MPI's by its Windows name; on Linux MPICH has the same functions with the same handles.
/// </summary>
internal static class MpiLibrary
{
    private const string WindowsName = "msmpi.dll";

    // MPICH's as Debian calls it, and as its own makefile and Intel MPI do.
    private static readonly string[] s_linuxNames = ["libmpich.so.12", "libmpi.so.12"];

    // Variables that Open MPI's library exports in place of handles that are numbers.
    private const string OpenMpiSymbol = "ompi_mpi_comm_world";
    private const string OpenMpiName = "libmpi.so.40";
    private static readonly Lock s_gate = new();
    private static nint s_library;

    /// <summary>Loads the library, unless that has been done, and lets MPI.NET use it.</summary>
    /// <exception cref="DllNotFoundException">There is none.</exception>
    /// <exception cref="NotSupportedException">There is only Open MPI's.</exception>
    internal static void Load()
    {
        lock (s_gate)
        {
            if (s_library != 0)
                return;
            s_library = Find(OperatingSystem.IsWindows() ? [WindowsName] : s_linuxNames);
            NativeLibrary.SetDllImportResolver(
                typeof(MPI.Unsafe).Assembly,
                (name, _, _) => name.StartsWith("msmpi", StringComparison.OrdinalIgnoreCase) ? s_library : 0);
        }
    }

    /// <summary>The first of some libraries that there is.</summary>
    /// <exception cref="DllNotFoundException">There is none.</exception>
    /// <exception cref="NotSupportedException">It is Open MPI's.</exception>
    internal static nint Find(IEnumerable<string> names)
    {
        foreach (string name in names)
        {
            if (!NativeLibrary.TryLoad(name, out nint library))
                continue;
            if (IsOpenMpi(library))
                throw IsRefused(name);
            return library;
        }

        if (NativeLibrary.TryLoad(OpenMpiName, out nint other) && IsOpenMpi(other))
            throw IsRefused(OpenMpiName);
        throw new DllNotFoundException(
            $"mpiexec started this process, and there is no MPI library ({string.Join(", ", names)}). {MpiLauncher.Advice}");
    }

    private static bool IsOpenMpi(nint library) => NativeLibrary.TryGetExport(library, OpenMpiSymbol, out _);

    private static NotSupportedException IsRefused(string name) => new(
        $"The MPI library '{name}' is Open MPI's. {MpiLauncher.Reason} {MpiLauncher.Advice}");
}
