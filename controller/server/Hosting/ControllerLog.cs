using System.Globalization;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace InstantNet.Controller.Hosting;

/// <summary>Where the controller writes what happened: standard error for who started it, and files for later.</summary>
internal static class ControllerLog
{
    private const int DaysKept = 14;
    private const long MaxFileBytes = 64 * 1024 * 1024;
    private const string ConsoleLine = "{Timestamp:HH:mm:ss} {Level:u3} {Message:lj}{NewLine}{Exception}";
    private const string FileLine = "{Timestamp:yyyy-MM-ddTHH:mm:ss.fffzzz} {Level:u3} {SourceContext} {Message:lj}{NewLine}{Exception}";

    public static Logger Create(DataFolder folder) => new LoggerConfiguration()
        .MinimumLevel.Information()
        .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
        .MinimumLevel.Override("Microsoft.Hosting.Lifetime", LogEventLevel.Fatal)
        // A start that fails is told once, by the verb that tried it.
        .MinimumLevel.Override("Microsoft.Extensions.Hosting.Internal.Host", LogEventLevel.Fatal)
        .WriteTo.Console(
            outputTemplate: ConsoleLine, formatProvider: CultureInfo.InvariantCulture, standardErrorFromLevel: LogEventLevel.Verbose)
        .WriteTo.File(
            Path.Combine(folder.Logs, "controller-.log"), outputTemplate: FileLine, formatProvider: CultureInfo.InvariantCulture,
            rollingInterval: RollingInterval.Day, retainedFileCountLimit: DaysKept, fileSizeLimitBytes: MaxFileBytes, rollOnFileSizeLimit: true)
        .CreateLogger();
}
