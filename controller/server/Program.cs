using InstantNet.Controller.Commands;

return await CommandLine.RunAsync(args);
