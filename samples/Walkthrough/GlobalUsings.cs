global using System.Runtime.InteropServices;
global using Microsoft.ML;
global using Microsoft.ML.Data;
global using Microsoft.ML.Perceiver;
global using Microsoft.ML.Perceiver.Models;
global using SkiaSharp;
