using InstantNet.Agent.Sensors;

namespace InstantNet.Tests.Unit.Agent.Sensors;

public sealed class SensorSurveyTests : IDisposable
{
    private readonly SysfsTree _sys = new();
    private readonly ManualClock _clock = new();

    public void Dispose() => _sys.Dispose();

    [Fact]
    public void A_laptop_tells_battery_temperatures_and_clock_rates_and_says_what_it_has_not()
    {
        IReadOnlyList<SensorLine> lines = Look(_sys.WithLaptop());

        Assert.Equal(
            ["battery:BAT0+BAT1 charge 35 percent", "battery:BAT0+BAT1 energy left 120960 joules", "battery:BAT0+BAT1 power out 9.5 watts",
             "hwmon power is not there", "rapl packages counted is not there",
             "thermal:acpitz temperature 47 celsius", "thermal:x86_pkg_temp temperature 61.5 celsius", "thermal:iwlwifi_1 temperature says something that is no number",
             "cpufreq clock rate 1800000000 hertz", "cpufreq highest clock rate 4600000000 hertz"],
            lines.Select(Words));
    }

    [Fact]
    public void A_Raspberry_Pi_and_a_server_tell_their_meters()
    {
        Assert.Contains("hwmon:ina219-1 power 2.65 watts", Look(_sys.WithRaspberryPi()).Select(Words));
        Assert.Contains("rapl packages counted 2 packages", Look(_sys.WithServer()).Select(Words));
    }

    [Fact]
    public void The_thermometer_reads_the_hottest_zone_and_finds_new_ones()
    {
        _sys.WithLaptop();
        using SysfsThermometer thermometer = new(_sys.Root);
        double? before = thermometer.Read();
        _sys.Unplug("class/thermal/thermal_zone1");
        _sys.Set("class/thermal/thermal_zone3/temp", 83_000);
        _sys.Set("class/thermal/thermal_zone4/temp", 999_000);

        Assert.Equal((61.5, 83.0), (before, thermometer.Read()));
    }

    /// <summary>Whatever drivers write, what comes out is a believable number or a reason, and no sensor takes another one down.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Rubbish_in_any_file_gives_a_believable_number_or_a_reason(int seed)
    {
        Random random = new(seed);
        _sys.WithLaptop().WithRaspberryPi().WithJetson().WithServer();
        string[] files = [.. Directory.EnumerateFiles(_sys.PathOf("class"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        using SysfsBattery battery = new(_sys.Root, _clock);
        MeterSources sources = new(_sys.Root, _clock) { Battery = battery };
        List<IEnergyCounter> counters =
            [.. ((MeterKind[])[MeterKind.Hwmon, MeterKind.Rapl, MeterKind.Battery]).Select(k => sources.TryOpen(k, out _)).OfType<IEnergyCounter>()];
        Assert.Equal(3, counters.Count);
        HashSet<string> problems = [];
        for (int round = 0; round < 300; round++)
        {
            string file = files[random.Next(files.Length)];
            if (random.Next(12) == 0)
                File.Delete(file);
            else
                File.WriteAllBytes(file, Rubbish(random));
            _clock.Advance(TimeSpan.FromSeconds(random.Next(0, 12)));

            foreach (SensorLine line in new SensorSurvey(sources, battery).Look())
            {
                Assert.True(line.Value is null == line.Problem is not null);
                Assert.InRange(line.Value ?? 0, -1e13, 1e13);
                problems.Add(line.Problem ?? "");
            }

            double? pct = battery.Read()?.Pct;
            Assert.True(pct is null or (>= 0 and <= 100));
            foreach (IEnergyCounter counter in counters)
                Assert.True(counter.ReadMillijoules(_clock.GetTimestamp()) is >= 0 and < 1e15);
        }

        counters.ForEach(c => c.Dispose());
        Assert.True(problems.Count >= 3, string.Join(", ", problems));
    }

    private static byte[] Rubbish(Random random)
    {
        string[] words = ["", "\n", "0\n", "-1\n", "42\n", "nan\n", "9223372036854775807\n", "-9223372036854775808\n", "18446744073709551615\n", "Charging\n", "0x10\n", " 7 \n"];
        if (random.Next(2) == 0)
            return System.Text.Encoding.ASCII.GetBytes(words[random.Next(words.Length)]);
        byte[] bytes = new byte[random.Next(0, 9000)];
        random.NextBytes(bytes);
        return bytes;
    }

    private IReadOnlyList<SensorLine> Look(SysfsTree sys)
    {
        using SysfsBattery battery = new(sys.Root, _clock);
        return new SensorSurvey(new MeterSources(sys.Root, _clock), battery).Look();
    }

    private static string Words(SensorLine line) =>
        $"{line.Sensor} {line.Quantity} {(line.Value is double value ? FormattableString.Invariant($"{value:0.##} {line.Unit}") : line.Problem)}";
}
