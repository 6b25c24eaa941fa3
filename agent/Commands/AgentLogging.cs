using System.Globalization;
using InstantNet.Agent.Configuration;
using Serilog;
using Serilog.Events;
using Serilog.Extensions.Logging;

namespace InstantNet.Agent.Commands;

/// <summary>Logs to the console, and to a file that is bounded in size when one is configured.</summary>
internal static class AgentLogging
{
    private const long MaxFileBytes = 10 * 1024 * 1024;
    private const int KeptFiles = 3;
    private const string Line = "{Timestamp:HH:mm:ss.fff} {Level:u3} {Message:lj}{NewLine}{Exception}";

    /// <summary>Makes the loggers of one agent; disposing flushes.</summary>
    public static ILoggerFactory Create(AgentConfig config)
    {
        LoggerConfiguration logging = new LoggerConfiguration()
            .MinimumLevel.Information()
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .MinimumLevel.Override("Microsoft.Extensions.Hosting", LogEventLevel.Fatal) // A start that fails is told once, as a sentence.
            .WriteTo.Console(outputTemplate: Line, formatProvider: CultureInfo.InvariantCulture);
        if (config.LogFile is { } file)
        {
            logging.WriteTo.File(
                file, formatProvider: CultureInfo.InvariantCulture, fileSizeLimitBytes: MaxFileBytes, rollOnFileSizeLimit: true, retainedFileCountLimit: KeptFiles);
        }

        return new SerilogLoggerFactory(logging.CreateLogger(), dispose: true);
    }
}
