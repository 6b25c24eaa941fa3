using InstantNet.Contracts.Messages;

namespace InstantNet.Agent.PrecisionControl;

/// <summary>Plans what the battery can spare for each frame until its next charge, again and again. Not thread safe; allocates once.</summary>
/// <remarks>
/// The plan is the taut string between two curves over the frames to come: spending above the one empties the battery, below the other lets
/// harvest spill from a full one. As accuracy is concave in energy, the shortest path between them delivers most; its first slope is what a
/// frame may take now. The forecast is redone at every look, so an error costs no more than the time until it is seen. One that is seen too late costs
/// whole frames; so where the battery, with less harvest and more load than forecast by the forecast's own error, could not carry the least hungry
/// variant to the end, that variant is all that a frame may take.
/// </remarks>
internal sealed class HorizonPlanner
{
    /// <summary>Time between two looks.</summary>
    public static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);

    private const int MostSteps = 400;
    private const double LongestStepSeconds = 900, LongestHorizonSeconds = 31 * 86_400.0, LongestGapSeconds = 3600;
    // Standard errors. Harvest errs to both sides, and its mean is doubted before; load errs upwards, in rare bursts.
    private const double HarvestErrors = 1, LoadErrors = 2.5;
    private const double MillijoulesPerJoule = 1000;

    // Less harvest and more load than usual: what was saved for nothing still buys bits later, what was spent too early costs whole frames.
    private readonly DayProfile _outside = new(caution: 1), _load = new(caution: -1);
    private EnergyBudget? _budget;
    private ChargeEstimate _charge;
    private DateTimeOffset _now;
    private double _capacity, _spentMj, _swingMj, _leastMj, _framesPerSecond;
    private long _frames;

    /// <summary>What frames may take now.</summary>
    public EnergyAllowance Allowance { get; private set; }

    /// <summary>What the gauge is taken to mean.</summary>
    public ChargeEstimate Charge => _charge;

    /// <summary>Sets what to plan for; what was learnt about harvest and load stays.</summary>
    /// <param name="budget">Without faults; null or without a next charge: no limit.</param>
    public void Aim(EnergyBudget? budget)
    {
        if (_budget == budget)
            return;
        (_budget, Allowance) = (budget, default);
        PlanAgain();
    }

    /// <summary>Frames were due but not run: they are load all the same.</summary>
    public void Offer(long frames) => _frames += frames;

    /// <summary>A frame was run.</summary>
    /// <param name="millijoules">What it took; rubbish counts as nothing.</param>
    public void Spend(double millijoules)
    {
        double spent = double.IsFinite(millijoules) && millijoules > 0 ? millijoules : 0;
        _spentMj += spent;
        _frames++;
        if (Allowance.IsLimited)
            Allowance = Allowance with { CreditMj = Allowance.CreditMj + Allowance.MjPerFrame - spent };
    }

    /// <summary>Plans anew.</summary>
    /// <param name="gaugePct">What the gauge says; null when it says nothing.</param>
    /// <param name="capacityJoules">Of the full battery; null when it is not known: then there is no limit.</param>
    /// <param name="costs">Of the variants to plan for.</param>
    /// <param name="seconds">Since the last look, by a clock that only rises.</param>
    /// <param name="now">The device's clock.</param>
    public void Look(double? gaugePct, double? capacityJoules, in HorizonCosts costs, double seconds, DateTimeOffset now)
    {
        if (!(capacityJoules > 0 && double.IsFinite(capacityJoules.Value)) || !(seconds > 0))
            return;
        if (seconds > LongestGapSeconds)
            _charge = default;
        _charge = _charge.Next(gaugePct, capacityJoules.Value, _spentMj / MillijoulesPerJoule, seconds);
        _swingMj = double.IsFinite(costs.SwingMj) ? Math.Max(0, costs.SwingMj) : 0;
        _leastMj = double.IsFinite(costs.LeastMj) ? Math.Max(0, costs.LeastMj) : 0;
        _capacity = capacityJoules.Value;
        _now = now;
        double secondOfDay = now.UtcDateTime.TimeOfDay.TotalSeconds;
        _load.See(_frames / seconds, seconds, secondOfDay);
        // Of this look alone: what is too slow for a burst must not run until a mean has noticed it.
        _framesPerSecond = _frames / seconds;
        (_spentMj, _frames) = (0, 0);
        if (!_charge.IsKnown)
            return;
        _outside.See(_charge.OutsideWatts, seconds, secondOfDay);
        PlanAgain();
    }

    private void PlanAgain() => Allowance = _charge.IsKnown && _budget?.LastUntil is { } until
        ? Reserved(Math.Min(until.After(_now).TotalSeconds, LongestHorizonSeconds), _now.UtcDateTime.TimeOfDay.TotalSeconds)
        : default;

    private EnergyAllowance Reserved(double horizon, double secondOfDay)
    {
        EnergyAllowance planned = Plan(horizon, secondOfDay);
        return planned.IsLimited && planned.MjPerFrame > _leastMj && !CarriesLeast(horizon, secondOfDay) ? planned with { MjPerFrame = _leastMj } : planned;
    }

    /// <summary>Whether the battery lasts at the least hungry variant when the forecast errs as it is known to.</summary>
    private bool CarriesLeast(double horizon, double secondOfDay)
    {
        double least = _leastMj / MillijoulesPerJoule, spare = _charge.Joules - _capacity * _budget!.ReservePct / 100;
        double step = Step(horizon);
        for (double ahead = 0; ahead < horizon; ahead += step)
        {
            double length = Math.Min(step, horizon - ahead), middle = ahead + length / 2;
            spare += (_outside.At(middle, secondOfDay) - Math.Max(0, _load.At(middle, secondOfDay)) * least) * length;
            double harvest = HarvestErrors * _outside.ErrorOfSum(ahead + length), load = LoadErrors * _load.ErrorOfSum(ahead + length) * least;
            if (spare < Math.Sqrt(harvest * harvest + load * load))
                return false;
        }

        return true;
    }

    private static double Step(double horizon) =>
        Math.Clamp(horizon / MostSteps, Math.Min(horizon, LookEvery.TotalSeconds), Math.Max(LongestStepSeconds, horizon / MostSteps));

    private EnergyAllowance Plan(double horizon, double secondOfDay)
    {
        if (!(horizon > 0))
            return default;
        double credit = Math.Clamp(Allowance.CreditMj, -2 * _swingMj, 2 * _swingMj);
        double reserve = _capacity * _budget!.ReservePct / 100;
        double spare = (_charge.Joules - reserve) - credit / MillijoulesPerJoule, frames = 0;
        double steepest = double.PositiveInfinity, flattest = double.NegativeInfinity;
        double step = Step(horizon);
        for (double ahead = 0; ahead < horizon; ahead += step)
        {
            double length = Math.Min(step, horizon - ahead), middle = ahead + length / 2;
            spare += _outside.At(middle, secondOfDay) * length;
            frames += Math.Max(0, _load.At(middle, secondOfDay)) * length;
            if (!(frames > 0))
                continue;
            if (spare / frames < flattest)
                return new EnergyAllowance(true, flattest * MillijoulesPerJoule, credit, _framesPerSecond);
            steepest = Math.Min(steepest, spare / frames);
            flattest = Math.Max(flattest, (spare - (_capacity - reserve)) / frames);
            if (flattest > steepest)
                break;
        }

        return double.IsFinite(steepest) ? new EnergyAllowance(true, steepest * MillijoulesPerJoule, credit, _framesPerSecond) : default;
    }
}
