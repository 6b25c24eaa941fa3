using System.Globalization;
using System.Text.Json;

namespace InstantNet.Generation.Mapping;

/// <summary>Reads fields and goes on after a fault, so that all faults of a file are told at once. One thread.</summary>
/// <param name="subject">What the file describes, with its article.</param>
internal sealed class FaultCollector(string subject)
{
    private readonly List<string> _sentences = [];

    private string Subject => subject;

    public IReadOnlyList<string> Sentences => _sentences;

    public void Add(string sentence) => _sentences.Add(sentence);

    /// <summary>One object of the document. A field that is missing or wrong is noted, and a harmless value of its type returned.</summary>
    internal sealed class Section(JsonElement? element, string path, FaultCollector faults)
    {
        public bool HasFaults => faults._sentences.Count > 0;

        public bool IsObject
        {
            get
            {
                if (element is { ValueKind: JsonValueKind.Object })
                    return true;
                if (element is not null)
                    faults.Add($"{(path.Length == 0 ? "The document" : path)} must be an object.");
                return false;
            }
        }

        public bool Has(string name) => Find(name) is { ValueKind: not JsonValueKind.Null };

        public void Fault(string name, string complaint) => faults.Add($"{PathOf(name)} {complaint}.");

        /// <summary>Complains about the object as a whole.</summary>
        public void Fault(string complaint) => faults.Add($"{path} {complaint}.");

        public string Text(string name, IReadOnlyList<string>? choices = null)
        {
            if (Find(name) is { ValueKind: JsonValueKind.String } field && field.GetString() is { Length: > 0 } text && choices?.Contains(text) != false)
                return text;
            Fault(name, choices is null ? "must be a text" : $"must be one of {string.Join(", ", choices)}");
            return "";
        }

        public bool Flag(string name)
        {
            if (Find(name) is { ValueKind: JsonValueKind.True or JsonValueKind.False } field)
                return field.GetBoolean();
            Fault(name, "must be true or false");
            return false;
        }

        public IReadOnlyList<string> Texts(string name, IReadOnlyList<string> choices)
        {
            List<string> texts = [];
            if (!Array(name, out JsonElement array))
                return texts;
            foreach (JsonElement item in array.EnumerateArray())
            {
                if (item.ValueKind == JsonValueKind.String && (choices.Count == 0 || choices.Contains(item.GetString()!)))
                    texts.Add(item.GetString()!);
                else
                    Fault($"{name}[{texts.Count}]", choices.Count == 0 ? "must be a text" : $"must be one of {string.Join(", ", choices)}");
            }

            return texts;
        }

        public double Number(string name, double least, double most)
        {
            if (Find(name) is { ValueKind: JsonValueKind.Number } field && field.TryGetDouble(out double value) && value >= least && value <= most)
                return value;
            Fault(name, string.Create(CultureInfo.InvariantCulture, $"must be a number {(least == most ? $"equal to {least}" : $"from {least} to {most}")}"));
            return least;
        }

        public int Whole(string name, int least, int most)
        {
            if (Find(name) is { ValueKind: JsonValueKind.Number } field && field.TryGetInt32(out int value) && value >= least && value <= most)
                return value;
            Fault(name, least == most ? $"must be {least}" : $"must be a whole number from {least} to {most}");
            return least;
        }

        public IReadOnlyList<int> Wholes(string name, int least, int most)
        {
            List<int> values = [];
            if (!Array(name, out JsonElement array))
                return values;
            foreach (JsonElement item in array.EnumerateArray())
            {
                if (item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out int value) && value >= least && value <= most)
                    values.Add(value);
                else
                    Fault($"{name}[{values.Count}]", $"must be a whole number from {least} to {most}");
            }

            return values;
        }

        public Section Child(string name)
        {
            if (Find(name) is JsonElement child)
                return new Section(child, PathOf(name), faults);
            Fault(name, "is missing");
            return new Section(null, PathOf(name), faults);
        }

        /// <summary>The objects of an array that holds at least one; anything else in it is noted and left out.</summary>
        public IReadOnlyList<Section> Children(string name)
        {
            if (!Array(name, out JsonElement array))
                return [];
            if (array.GetArrayLength() == 0)
                Fault(name, "must hold at least one object");
            return [.. array.EnumerateArray().Select((item, i) => new Section(item, $"{PathOf(name)}[{i}]", faults)).Where(s => s.IsObject)];
        }

        /// <summary>Notes fields that nobody reads: most often a misspelt name.</summary>
        public void RefuseOthers(IReadOnlyList<string> known)
        {
            if (element is not { ValueKind: JsonValueKind.Object } members)
                return;
            foreach (JsonProperty member in members.EnumerateObject().Where(m => !known.Contains(m.Name)))
            {
                Fault(member.Name, $"is not a field of {faults.Subject}");
            }
        }

        private bool Array(string name, out JsonElement array)
        {
            if (Find(name) is { ValueKind: JsonValueKind.Array } found)
            {
                array = found;
                return true;
            }

            array = default;
            Fault(name, "must be an array");
            return false;
        }

        private JsonElement? Find(string name) =>
            element is { ValueKind: JsonValueKind.Object } owner && owner.TryGetProperty(name, out JsonElement field) ? field : null;

        private string PathOf(string name) => path.Length == 0 ? name : $"{path}.{name}";
    }
}
