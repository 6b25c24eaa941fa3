using System.Text;
using System.Text.Json;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Controller.Ingest;

namespace InstantNet.Tests.Unit.Controller.Ingest;

public class UplinkReaderTests
{
    private const int Seed = 20260301;

    [Fact]
    public void Reads_back_what_a_device_writes()
    {
        TelemetryBatch batch = SomeFleet.Batch(3);

        TelemetryBatch? read = UplinkReader.Telemetry(JsonSerializer.SerializeToUtf8Bytes(batch, WireJson.Default.TelemetryBatch), out string fault);

        Assert.Equal("", fault);
        Assert.Equal(batch.Samples, read!.Samples);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"v":1,"epoch":1,"seq":1,"hist":false,"dropped":0,"samples":[]}""")]
    [InlineData("""{"v":1,"epoch":1,"seq":0,"hist":false,"dropped":0,"samples":[{}]}""")]
    [InlineData("""{"v":1,"epoch":1,"seq":1,"hist":false,"dropped":0,"samples":[null]}""")]
    [InlineData("""{"v":1,"epoch":1,"seq":1,"hist":false,"dropped":0,"samples":[{"bits":"eight"}]}""")]
    [InlineData("""{"v":1,"epoch":1e400,"seq":1,"hist":false,"dropped":0,"samples":[{}]}""")]
    public void Refuses_with_a_sentence_what_is_no_telemetry(string json)
    {
        Assert.Null(UplinkReader.Telemetry(Encoding.UTF8.GetBytes(json), out string fault));
        Assert.NotEqual("", fault);
    }

    [Fact]
    public void Refuses_a_meter_whose_name_is_a_book()
    {
        TelemetryBatch batch = SomeFleet.Batch(1) with { Samples = [SomeFleet.Sample() with { Meter = new string('m', MessageRules.MaxText + 1) }] };

        Assert.Null(UplinkReader.Telemetry(JsonSerializer.SerializeToUtf8Bytes(batch, WireJson.Default.TelemetryBatch), out string fault));
        Assert.Contains("meter", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_the_bytes_are_the_answer_is_a_message_or_a_sentence()
    {
        Random random = new(Seed);
        byte[][] valid =
        [
            JsonSerializer.SerializeToUtf8Bytes(SomeFleet.Batch(1), WireJson.Default.TelemetryBatch),
            Encoding.UTF8.GetBytes("""{"v":1,"s":"online","epoch":1,"boot":1,"ts":"2026-01-01T00:00:00Z","agent":"0.1.0","deviceClass":"a","caps":[]}"""),
            Encoding.UTF8.GetBytes("""{"v":1,"job":"j","attempt":1,"state":"Downloading","pct":5,"ms":1,"ts":"2026-01-01T00:00:00Z"}"""),
            Encoding.UTF8.GetBytes("""{"v":1,"desiredVersion":1,"applied":true,"faults":[],"offered":[4,8],"measured":[]}"""),
            Encoding.UTF8.GetBytes("""{"v":1,"key":"k","raised":true,"text":"t","ts":"2026-01-01T00:00:00Z"}"""),
        ];
        int accepted = 0;
        for (int round = 0; round < 20_000; round++)
        {
            byte[] bytes = Damage(valid[random.Next(valid.Length)], random);
            accepted += Answers(UplinkReader.Telemetry(bytes, out string a), a) + Answers(UplinkReader.State(bytes, out string b), b)
                + Answers(UplinkReader.Job(bytes, out string c), c) + Answers(UplinkReader.Reported(bytes, out string d), d)
                + Answers(UplinkReader.Alarm(bytes, out string e), e);
        }

        Assert.InRange(accepted, 1, 100_000 - 1);
    }

    [Fact]
    public void Accepts_the_statuses_of_the_wire_contract()
    {
        JobStatus status = new(1, WireId.Parse("j"), 1, null, ExecutionState.Rejected, null, "BadSignature", "No.", 3, SomeFleet.Now);

        Assert.Equal(status, UplinkReader.Job(JsonSerializer.SerializeToUtf8Bytes(status, WireJson.Default.JobStatus), out _));
    }

    private static int Answers<T>(T? message, string fault)
        where T : class
    {
        Assert.Equal(message is null, fault.Length > 0);
        return message is null ? 0 : 1;
    }

    private static byte[] Damage(byte[] valid, Random random)
    {
        byte[] bytes = [.. valid];
        for (int changes = random.Next(4); changes > 0; changes--)
            bytes[random.Next(bytes.Length)] = random.Next(3) == 0 ? (byte)random.Next(256) : (byte)"0919-.eE{}[]\",:nt"[random.Next(17)];
        return random.Next(4) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
    }
}
