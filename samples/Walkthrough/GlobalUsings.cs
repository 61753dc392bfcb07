global using Microsoft.ML;
global using Microsoft.ML.Data;
global using Microsoft.ML.Perceiver;
global using Microsoft.ML.Perceiver.Models;
global using NAudio.Wave;
global using SkiaSharp;
