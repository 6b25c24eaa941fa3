using System.Runtime.CompilerServices;
using System.Text.Json;
using InstantNet.Generation.Training;

namespace InstantNet.Tests.Unit.Generation.Training;

public sealed class CascadeDistillationTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Losses_and_gradients_equal_the_authors_code()
    {
        using JsonDocument points = JsonDocument.Parse(File.ReadAllText(FixturePath()));
        JsonElement root = points.RootElement;
        Tensor labels = tensor([.. root.GetProperty("labels").EnumerateArray().Select(l => l.GetInt64())], 4);
        string[] highestFirst = [.. root.GetProperty("bits").EnumerateArray().Select(b => b.GetInt32()).OrderDescending().Select(b => $"{b}")];
        List<Tensor> teachers = [];
        foreach (string bits in highestFirst)
        {
            Tensor logits = tensor(Matrix(root.GetProperty("logits").GetProperty(bits)), 4, 10).requires_grad_();

            Tensor loss = CascadeDistillation.Loss(logits, teachers, labels, root.GetProperty("beta").GetDouble());
            loss.backward();

            Assert.Equal(root.GetProperty("loss_per_bit").GetProperty(bits).GetSingle(), loss.ToSingle(), 1e-5f);
            float[] expected = Matrix(root.GetProperty("grad_per_bit").GetProperty(bits)), gradient = logits.Gradient()!.Elements<float>().ToArray();
            Assert.All(expected.Zip(gradient), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
            teachers.Add(logits.detach());
        }
    }

    [Fact]
    public void Gradients_are_finite_differences_of_the_loss()
    {
        // Smooth in the scores, so of the loss itself; the teachers are constants.
        float[] at = [0.5f, -1.2f, 0.3f, 2f, 0.1f, -0.4f], teacher = [1f, -0.5f, 0f, 1.5f, 0.8f, -2f];
        Tensor labels = tensor([2L, 0L], 2), logits = tensor(at, 2, 3).requires_grad_();

        CascadeDistillation.Loss(logits, [tensor(teacher, 2, 3)], labels, beta: 0.7).backward();

        const float H = 1e-2f;
        float[] gradient = logits.Gradient()!.Elements<float>().ToArray();
        for (int i = 0; i < at.Length; i++)
        {
            Assert.Equal((Loss(i, H) - Loss(i, -H)) / (2 * H), gradient[i], 1e-3f);
        }

        float Loss(int moved, float by)
        {
            float[] values = [.. at];
            values[moved] += by;
            return CascadeDistillation.Loss(tensor(values, 2, 3), [tensor(teacher, 2, 3)], labels, beta: 0.7).ToSingle();
        }
    }

    [Fact]
    public void Free_of_scale_it_is_the_squared_sine_between_centred_scores()
    {
        // Centred: (1, -1, 0) and (1, 0, -1), cos = 1/2.
        Tensor logits = tensor([3f, 1f, 2f], 1, 3), teacher = tensor([11f, 10f, 9f], 1, 3), labels = tensor([0L], 1);

        double entropy = CascadeDistillation.Loss(logits, [], labels).ToSingle();

        Assert.Equal(entropy + 0.75, CascadeDistillation.Loss(logits, [teacher], labels, 1, TeacherDistance.ScaleFree).ToSingle(), 1e-5);
        Assert.Equal(entropy + 0.75, CascadeDistillation.Loss(logits, [teacher * 40], labels, 1, TeacherDistance.ScaleFree).ToSingle(), 1e-5);
    }

    [Fact]
    public void Free_of_scale_its_gradient_is_the_finite_difference_and_never_asks_for_larger_scores()
    {
        float[] at = [0.5f, -1.2f, 0.3f, 2f, 0.1f, -0.4f], teacher = [10f, -5f, 0f, 15f, 8f, -20f];
        Tensor logits = tensor(at, 2, 3).requires_grad_();

        Distance(logits).backward();

        const float H = 1e-2f;
        float[] gradient = logits.Gradient()!.Elements<float>().ToArray();
        for (int i = 0; i < at.Length; i++)
        {
            Assert.Equal((At(i, H) - At(i, -H)) / (2 * H), gradient[i], 1e-3f);
        }

        // Along the centred scores themselves: 0 but for rounding, though the teacher's are ten times as large.
        float[] means = [(at[0] + at[1] + at[2]) / 3, (at[3] + at[4] + at[5]) / 3];
        Assert.Equal(0, at.Select((a, i) => (a - means[i / 3]) * gradient[i]).Sum(), 1e-5);
        Assert.Contains(gradient, g => Math.Abs(g) > 1e-2);

        float At(int moved, float by)
        {
            float[] values = [.. at];
            values[moved] += by;
            return Distance(tensor(values, 2, 3)).ToSingle();
        }

        Tensor Distance(Tensor scores)
        {
            Tensor labels = tensor([2L, 0L], 2);
            return CascadeDistillation.Loss(scores, [tensor(teacher, 2, 3)], labels, 1, TeacherDistance.ScaleFree) - CascadeDistillation.Loss(scores, [], labels);
        }
    }

    [Fact]
    public void Free_of_scale_a_student_that_points_away_and_a_teacher_without_opinion_pull_nothing()
    {
        Tensor labels = tensor([0L], 1), away = tensor([-1f, 1f, 0f], 1, 3).requires_grad_();
        float[] ofLabelsAlone = Gradient([]);

        Assert.Equal(ofLabelsAlone, Gradient([tensor([1f, -1f, 0f], 1, 3)]));
        Assert.Equal(ofLabelsAlone, Gradient([ones(1, 3)]));

        float[] Gradient(IReadOnlyList<Tensor> teachers)
        {
            Tensor scores = away.detach().requires_grad_();
            CascadeDistillation.Loss(scores, teachers, labels, 1, TeacherDistance.ScaleFree).backward();
            return scores.Gradient()!.Elements<float>().ToArray();
        }
    }

    [Fact]
    public void Without_teachers_it_is_cross_entropy()
    {
        Tensor logits = tensor([1f, 2f, 3f, 3f, 2f, 1f], 2, 3), labels = tensor([2L, 2L], 2);

        double expected = (Math.Log(1 + Math.Exp(-1) + Math.Exp(-2)) + 2 + Math.Log(1 + Math.Exp(-1) + Math.Exp(-2))) / 2;
        Assert.Equal(expected, CascadeDistillation.Loss(logits, [], labels).ToSingle(), 1e-5);
    }

    [Fact]
    public void Beta_weighs_every_teacher()
    {
        Tensor logits = zeros(2, 4), labels = tensor([0L, 1L], 2);
        Tensor[] teachers = [ones(2, 4), ones(2, 4) * 2];

        Assert.Equal(Math.Log(4) + 0.5 * (1 + 4), CascadeDistillation.Loss(logits, teachers, labels, beta: 0.5).ToSingle(), 1e-5);
    }

    [Fact]
    public void A_teacher_of_another_shape_or_inside_the_graph_is_refused()
    {
        Tensor logits = zeros(2, 4), labels = tensor([0L, 1L], 2);

        Assert.Throws<ArgumentException>(() => CascadeDistillation.Loss(logits, [zeros(2, 3)], labels));
        Assert.Throws<ArgumentException>(() => CascadeDistillation.Loss(logits, [zeros(2, 4).requires_grad_()], labels));
    }

    private static float[] Matrix(JsonElement rows) => [.. rows.EnumerateArray().SelectMany(r => r.EnumerateArray()).Select(v => v.GetSingle())];

    private static string FixturePath([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "cascade-distillation.json");
}
