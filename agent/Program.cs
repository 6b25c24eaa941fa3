using System.CommandLine;
using InstantNet.Agent.Commands;

// The verb 'run' handles signals itself: an orderly stop may take longer than the command line would wait.
InvocationConfiguration invocation = new() { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false };
return await CommandLine.Create().Parse(args).InvokeAsync(invocation);
