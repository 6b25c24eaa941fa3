using InstantNet.Generation.Mapping;
using InstantNet.Generation.Mapping.Accounting;
using InstantNet.Generation.Mapping.Search;
using InstantNet.Generation.Mapping.Timeloop;

namespace InstantNet.Tests.Unit.Generation.Mapping.Accounting;

public class LowerBoundTests
{
    public static TheoryData<PhysicalEffects> Accountings => [.. Enum.GetValues<PhysicalEffects>()];

    [Theory]
    [MemberData(nameof(Accountings))]
    public void No_legal_mapping_goes_below_it(PhysicalEffects effects)
    {
        Architecture[] architectures = [.. SomeMapping.EveryAccelerator.Select(a => a.Architecture), .. ReferenceArchitectures.BuiltIn().Values];
        foreach (Architecture architecture in architectures)
        {
            foreach (Workload workload in SomeMapping.Layers.Append(new Workload(new LoopBounds(1, 6, 4, 9, 9, 5, 5), padding: 2, groups: 2)))
            {
                foreach (OperandBits bits in (OperandBits[])[OperandBits.Words, new OperandBits(4, 8, 8, 32)])
                {
                    CostModel model = new(workload, architecture, bits, effects: effects);
                    if (Space(model) is not SearchSpace space)
                        continue;
                    Cost bound = LowerBound.Of(model);
                    EncodedMapping best = new EvolutionarySearch(space, 1, MapObjective.Energy).Run(new SearchBudget(400), [], CancellationToken.None).Best.Mapping;
                    EncodedMapping fast = new EvolutionarySearch(space, 1, MapObjective.Latency).Run(new SearchBudget(400), [], CancellationToken.None).Best.Mapping;
                    foreach (EncodedMapping mapping in SomeMapping.Random(space, 30, seed: 4).Append(best).Append(fast))
                    {
                        Cost cost = SomeMapping.Evaluate(model, mapping).Cost;
                        Assert.True(cost.EnergyPicojoules >= bound.EnergyPicojoules * (1 - 1e-12), $"{architecture.Name} {workload} {bits}: {cost}, bound {bound}");
                        Assert.True(cost.Cycles >= bound.Cycles, $"{architecture.Name} {workload} {bits}: {cost}, bound {bound}");
                    }
                }
            }
        }
    }

    [Fact]
    public void It_is_reached_where_nothing_can_be_lost()
    {
        // One word of everything: each level is filled and read once, and the sum is written at each level.
        Architecture architecture = ReferenceArchitectures.BuiltIn()["eyeriss168"];
        CostModel model = new(new Workload(new LoopBounds(1, 1, 1, 1, 1, 1, 1)), architecture, OperandBits.Words, effects: PhysicalEffects.None);

        Cost only = SomeMapping.Evaluate(model, new EncodedMapping(3)).Cost;

        Assert.Equal(only, LowerBound.Of(model));
    }

    [Fact]
    public void It_counts_what_every_level_must_do_for_a_layer_worked_by_hand()
    {
        // 4 x 8 fully connected layer on eyeriss168: 32 weights, 8 inputs, 4 outputs, 32 multiply-accumulates.
        Architecture architecture = ReferenceArchitectures.BuiltIn()["eyeriss168"];
        CostModel model = new(new Workload(new LoopBounds(1, 4, 8, 1, 1, 1, 1)), architecture, OperandBits.Words, effects: PhysicalEffects.None);

        double registers = (32 + 32) + (32 + 8) + 32;
        double buffer = (2 * 32) + (2 * 8) + 4;
        double dram = 32 + 8 + 4;

        // Each output may be spread over 8 units, each of which spares its first read: no reads of sums are certain.
        Assert.Equal(32 + registers + (6 * buffer) + (200 * dram), LowerBound.Of(model).EnergyPicojoules, 9);

        // 32 units fill the mesh of 14 x 12 with exact factors; 40 words at 4 a cycle take 10 cycles.
        Assert.Equal(10, LowerBound.Of(model).Cycles);
    }

    [Theory]
    [InlineData(13, 13, 14, 12, 13)] // both are the prime 13, and only one axis is long enough
    [InlineData(14, 12, 14, 12, 168)]
    [InlineData(7, 7, 14, 12, 49)]
    [InlineData(1, 1, 14, 12, 1)]
    public void Exact_factors_fill_at_most_so_many_units(int p, int q, int columns, int rows, long units) =>
        Assert.Equal(units, MeshFilling.Most(new LoopBounds(1, 1, 1, p, q, 1, 1), columns, rows));

    private static SearchSpace? Space(CostModel model)
    {
        try
        {
            return new SearchSpace(model, FlowConstraints.None);
        }
        catch (ArgumentException)
        {
            return null; // a register of one word has no room for two
        }
    }
}
