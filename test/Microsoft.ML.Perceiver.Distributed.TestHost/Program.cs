using Microsoft.ML.Perceiver;
using Microsoft.ML.Perceiver.Distributed.TestHost;

// The processes of the tests: mpiexec starts several of them. Arguments after the command are name=value. Each process writes its
// findings to standard output, a line each that begins with its rank.
var settings = args.Skip(1).Select(a => a.Split('=', 2)).ToDictionary(p => p[0], p => p[1]);
return PerceiverMpi.Run(communicator => args[0] switch
{
    "exchange" => ExchangeCommand.Run(communicator, int.Parse(settings["numbers"])),
    "train" => TrainCommand.Run(communicator, settings),
    "sgd" => SgdCommand.Run(communicator, settings),
    "throw" => communicator.Rank == 1 ? throw new InvalidDataException("no data here") : Wait(communicator),
    _ => throw new ArgumentException($"Unknown command: {string.Join(' ', args)}"),
});

static int Wait(IPerceiverCommunicator communicator)
{
    communicator.Barrier();
    return 0;
}
