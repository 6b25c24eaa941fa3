using InstantNet.Agent.Sensors;

namespace InstantNet.Tests.Unit.Agent.Sensors;

public sealed class EnergyLedgerTests : IDisposable
{
    private readonly ManualClock _clock = new();
    private readonly Flow _flow;
    private readonly EnergyLedger _ledger;

    public EnergyLedgerTests() => _ledger = new EnergyLedger(_flow = new Flow(_clock), _clock);

    public void Dispose() => _ledger.Dispose();

    [Fact]
    public void Idle_power_is_what_flows_at_rest_and_a_frame_is_what_comes_on_top()
    {
        Rest(seconds: 2, milliwatts: 1500);

        double energyMj = Frame(milliseconds: 100, milliwatts: 4500);

        Assert.Equal(1500, _ledger.IdleMilliwatts!.Value, 6);
        Assert.Equal(300, energyMj, 6);
    }

    [Fact]
    public void Before_the_device_rested_once_a_frame_is_all_that_flows() =>
        Assert.Equal(450, Frame(milliseconds: 100, milliwatts: 4500), 6);

    [Fact]
    public void What_a_counter_shows_late_belongs_to_the_frame_after()
    {
        Rest(seconds: 2, milliwatts: 1000);
        double first = Frame(milliseconds: 10, milliwatts: 1000);
        _flow.Burst(millijoules: 40); // The frame before took it; the counter had not yet moved.
        Pass(milliseconds: 40, milliwatts: 1000);

        Assert.Equal((0, 40), (Math.Round(first, 6), Math.Round(Frame(milliseconds: 10, milliwatts: 1000), 6)));
    }

    [Fact]
    public void A_frame_never_takes_less_than_nothing_and_the_mean_stays_right()
    {
        Rest(seconds: 2, milliwatts: 1000);

        double[] frames = [Frame(10, 0), Frame(10, 3000), Frame(10, 1000)];

        Assert.Equal([0, 10, 0], frames.Select(f => Math.Round(f, 6)));
    }

    [Fact]
    public void Frames_side_by_side_share_alike()
    {
        Rest(seconds: 2, milliwatts: 0);
        double first = _ledger.Begin();
        Pass(100, 1000);
        double second = _ledger.Begin();
        Pass(100, 1000);
        double firstMj = _ledger.End(first), secondMj = _ledger.End(second);

        Assert.Equal((150, 50), (Math.Round(firstMj, 6), Math.Round(secondMj, 6)));
    }

    [Fact]
    public void A_rest_that_is_asked_for_forgets_the_start_of_the_agent()
    {
        Rest(seconds: 3, milliwatts: 9000);

        _ledger.BeginRest();
        Pass(1000, 2000);
        _ledger.EndRest();

        Assert.Equal(2000, _ledger.IdleMilliwatts!.Value, 6);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void The_parts_add_up_to_what_the_meter_counted(int seed)
    {
        Random random = new(seed);
        double framesMj = 0, begunMj = _flow.TotalMj;
        List<double> running = [];
        for (int step = 0; step < 2000; step++)
        {
            Pass(random.Next(20) == 0 ? random.Next(1000, 4000) : random.Next(0, 60), random.Next(0, 8000));
            if (running.Count > 0 && random.Next(2) == 0)
            {
                framesMj += _ledger.End(running[^1]);
                running.RemoveAt(running.Count - 1);
            }
            else if (running.Count < 3)
            {
                running.Add(_ledger.Begin());
            }
        }

        while (running.Count > 0)
        {
            framesMj += _ledger.End(running[^1]);
            running.RemoveAt(running.Count - 1);
        }

        LedgerBooks books = _ledger.Books;
        Assert.True(framesMj > 0 && books.IdleMj > 0);
        Assert.Equal(_flow.TotalMj - begunMj, framesMj + books.IdleMj + books.PendingMj, 3);
    }

    private double Frame(int milliseconds, double milliwatts)
    {
        double began = _ledger.Begin();
        Pass(milliseconds, milliwatts);
        return _ledger.End(began);
    }

    private void Rest(int seconds, double milliwatts)
    {
        Pass(seconds * 1000, milliwatts);
        _ledger.EndRest();
    }

    private void Pass(int milliseconds, double milliwatts)
    {
        _flow.Milliwatts = milliwatts;
        _clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
        _flow.Settle();
    }

    /// <summary>A perfect counter of a flow that the test sets.</summary>
    private sealed class Flow(ManualClock clock) : IEnergyCounter
    {
        private long _settledAt;

        public string Name => "flow";

        public SensorFault Fault => SensorFault.None;

        public double Milliwatts { get; set; }

        public double TotalMj { get; private set; }

        public void Burst(double millijoules) => TotalMj += millijoules;

        public void Settle()
        {
            long now = clock.GetTimestamp();
            TotalMj += Milliwatts * clock.GetElapsedTime(_settledAt, now).TotalSeconds;
            _settledAt = now;
        }

        public double ReadMillijoules(long timestamp) => TotalMj;

        public void Dispose()
        {
            // Holds nothing.
        }
    }
}
