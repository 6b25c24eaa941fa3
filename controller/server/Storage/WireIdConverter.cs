using InstantNet.Contracts;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace InstantNet.Controller.Storage;

/// <summary>Ids are kept as their text.</summary>
internal sealed class WireIdConverter() : ValueConverter<WireId, string>(id => id.Value, stored => WireId.Parse(stored));
