using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Makes TorchSharp work when it is used before any entry point of this library. Installing it adds two event handlers and loads nothing:
/// .NET calls them only when its own search for a native library has failed, just before TorchSharp would throw.
/// </summary>
internal static class TorchResolver
{
    private const string TorchSharp = "TorchSharp";

    // The libraries that TorchSharp loads by name.
    private static readonly HashSet<string> Libraries = ["LibTorchSharp", "torch_cpu", "torch_cuda"];

#pragma warning disable CA2255 // Meant for programs, says the rule; but a user of this library cannot know that TorchSharp needs help.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Install()
    {
        if (!OperatingSystem.IsLinux())
            return;
        var own = AssemblyLoadContext.GetLoadContext(typeof(TorchResolver).Assembly) ?? AssemblyLoadContext.Default;
        own.ResolvingUnmanagedDll += Resolve;
        if (own != AssemblyLoadContext.Default)
            AssemblyLoadContext.Default.ResolvingUnmanagedDll += Resolve;

        // A libtorch that the user names must be loaded before the packaged one, which TorchSharp would find without these handlers. The
        // last moment for that is when TorchSharp itself is loaded.
        if (TorchLoader.NamedByEnvironment is not null)
            LoadWithTorchSharp();
    }

    private static nint Resolve(Assembly assembly, string name)
    {
        if (assembly.GetName().Name != TorchSharp || !Libraries.Contains(name) || !TryLoad(assembly))
            return 0;
        return name == "LibTorchSharp" ? TorchLoader.Loaded!.TorchSharpHandle : 0;
    }

    private static void LoadWithTorchSharp()
    {
        AppDomain.CurrentDomain.AssemblyLoad += (_, args) =>
        {
            if (args.LoadedAssembly.GetName().Name == TorchSharp)
                TryLoad(args.LoadedAssembly);
        };
        if (AppDomain.CurrentDomain.GetAssemblies().FirstOrDefault(a => a.GetName().Name == TorchSharp) is { } present)
            TryLoad(present);
    }

    // An exception here would be thrown inside the runtime's binder. The failure is kept, and every entry point of this library throws it.
    private static bool TryLoad(Assembly torchSharp)
    {
        try
        {
            TorchLoader.Load(torchSharp);
            return true;
        }
        catch (TorchRuntimeException)
        {
            return false;
        }
    }
}
