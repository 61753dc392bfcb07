using System.Runtime.InteropServices;
using System.Runtime.Loader;
using System.Runtime.Versioning;

namespace Samples;

/// <summary>
/// OpenCV on machines without a desktop: its Linux library needs those of windows and fonts, which nothing here calls. Where one is
/// missing, a copy of the library without these demands is loaded in its place.
/// </summary>
internal static class HeadlessOpenCv
{
    private const string Library = "libOpenCvSharpExtern.so";

    /// <summary>Sees to it that OpenCV is found; called once, before its first use.</summary>
    public static void Prepare()
    {
        // Called only where the library could not be loaded in the usual way.
        if (OperatingSystem.IsLinux())
            AssemblyLoadContext.Default.ResolvingUnmanagedDll += Resolve;
    }

    [SupportedOSPlatform("linux")]
    private static nint Resolve(System.Reflection.Assembly assembly, string name) =>
        name.Contains("OpenCvSharpExtern", StringComparison.Ordinal) ? Load() : 0;

    [SupportedOSPlatform("linux")]
    private static nint Load()
    {
        string original = Path.Combine(AppContext.BaseDirectory, Library);
        if (!File.Exists(original))
            return 0;
        string applicationData = Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create);
        string folder = Path.Combine(applicationData, "perceiver-samples");
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        string copy = Path.Combine(folder, $"{new FileInfo(original).Length}-{Library}");
        if (!File.Exists(copy))
        {
            byte[] bytes = File.ReadAllBytes(original);
            ElfNeeds.Drop(bytes, IsMissing);
            string unfinished = $"{copy}.{Environment.ProcessId}";
            File.WriteAllBytes(unfinished, bytes);
            File.Move(unfinished, copy, overwrite: true);
        }

        return NativeLibrary.Load(copy);
    }

    private static bool IsMissing(string library)
    {
        if (!NativeLibrary.TryLoad(library, out nint handle))
            return true;
        NativeLibrary.Free(handle);
        return false;
    }
}
