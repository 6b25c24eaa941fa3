using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace InstantNet.Controller.Storage;

/// <summary>Times are kept as milliseconds since 1970, UTC.</summary>
internal sealed class UnixMillisecondsConverter() : ValueConverter<DateTimeOffset, long>(
    time => time.ToUnixTimeMilliseconds(),
    stored => DateTimeOffset.FromUnixTimeMilliseconds(stored));
