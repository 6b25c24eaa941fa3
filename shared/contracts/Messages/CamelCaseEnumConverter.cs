using System.Text.Json;
using System.Text.Json.Serialization;

namespace InstantNet.Contracts.Messages;

/// <summary>An enum as its member's name in camel case; numbers do not parse.</summary>
/// <typeparam name="T">The enum.</typeparam>
public sealed class CamelCaseEnumConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where T : struct, Enum;
