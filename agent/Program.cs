using InstantNet.Agent.Commands;

return await CommandLine.RunAsync(args);
