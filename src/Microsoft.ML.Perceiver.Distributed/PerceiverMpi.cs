using TorchSharp;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Starts MPI in a process, so that it trains together with the others that mpiexec started: MPICH on Linux (or another of its application
/// binary interface), MS-MPI on Windows.
/// </summary>
public static unsafe class PerceiverMpi
{
    // One thread at a time may call, whichever it is.
    private const int Serialized = 2;
    private const string ThreadsVariable = "OMP_NUM_THREADS";

    /// <summary>
    /// Whether mpiexec started this process. Where it did not, <see cref="Run"/> gives a communicator of one process, and MPI need not be
    /// installed.
    /// </summary>
    /// <exception cref="NotSupportedException">Open MPI's mpiexec started it.</exception>
    public static bool IsStarted => MpiLauncher.StartedThis(Environment.GetEnvironmentVariable);

    /// <summary>
    /// Runs a program as one of the processes that mpiexec started. Where it throws in one process, all are ended: the others would wait
    /// for it. Processes on one machine share its cores, unless OMP_NUM_THREADS says how many threads libtorch uses in each. Once in a
    /// process, as MPI cannot be started again.
    /// </summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="program">The program, which gives the communicator to <see cref="PerceiverTrainingOptions.Communicator"/>.</param>
    /// <returns>The program's result.</returns>
    /// <exception cref="ArgumentNullException">The program is null.</exception>
    /// <exception cref="DllNotFoundException">
    /// mpiexec started this process, and there is no MPI library; the message says what to install.
    /// </exception>
    /// <exception cref="NotSupportedException">The MPI is Open MPI.</exception>
    /// <exception cref="InvalidOperationException">It ran before in this process.</exception>
    public static T Run<T>(Func<PerceiverMpiCommunicator, T> program)
    {
        ArgumentNullException.ThrowIfNull(program);
        if (!IsStarted)
            return program(PerceiverMpiCommunicator.Alone());
        MpiLibrary.Load();
        Start();
        var communicator = PerceiverMpiCommunicator.OfWorld();
        T result;
        try
        {
            ShareCores(communicator.LocalSize);
            result = program(communicator);
        }
        catch (Exception e) when (communicator.Size > 1)
        {
            communicator.Abort($"Rank {communicator.Rank} of {communicator.Size} failed, which ends all of them. {e}");
            throw;
        }

        // Waits for the others.
        _ = MPI.Unsafe.MPI_Finalize();
        return result;
    }

    private static void Start()
    {
        _ = MPI.Unsafe.MPI_Initialized(out int isInitialized);
        if (isInitialized != 0)
            throw new InvalidOperationException("MPI was started before in this process, and cannot be started again.");
        int count = 0;
        byte** arguments = null;
        int code = MPI.Unsafe.MPI_Init_thread(ref count, ref arguments, Serialized, out int provided);
        if (code != 0 || provided < Serialized)
        {
            throw new InvalidOperationException(
                $"MPI could not be started: MPI_Init_thread gave the code {code} and threads of level {provided}.");
        }
    }

    private static void ShareCores(int processes)
    {
        if (processes == 1 || Environment.GetEnvironmentVariable(ThreadsVariable) is not null)
            return;
        TorchRuntime.EnsureLoaded();
        torch.set_num_threads(Math.Max(1, Environment.ProcessorCount / processes));
    }
}
