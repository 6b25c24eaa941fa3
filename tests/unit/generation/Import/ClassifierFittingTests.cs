using InstantNet.Generation.Datasets;
using InstantNet.Generation.Import;
using InstantNet.Generation.Networks;

namespace InstantNet.Tests.Unit.Generation.Import;

public class ClassifierFittingTests
{
    [Fact]
    public void Least_squares_with_a_ridge_are_those_worked_by_hand()
    {
        // One feature 0, 2, 4, 6 of classes 0, 0, 1, 1: centred -3, -1, 1, 3, squares 20, products with class 1 are 4; the ridge is a tenth of 20.
        TrainedClassifier fitted = ClassifierFitting.Solve([0, 2, 4, 6], [0, 0, 1, 1], 2);

        Assert.Equal([-4 / 22.0, 4 / 22.0], fitted.Weights.Select(w => (double)w), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal([0.5 + (12 / 22.0), 0.5 - (12 / 22.0)], fitted.Bias.Select(b => (double)b), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void Every_equation_of_a_random_problem_holds()
    {
        const int Images = 40, Width = 7, Classes = 3;
        Random random = new(3);
        float[] features = [.. Enumerable.Range(0, Images * Width).Select(_ => (float)random.NextDouble())];
        byte[] labels = [.. Enumerable.Range(0, Images).Select(i => (byte)(i % Classes))];

        TrainedClassifier fitted = ClassifierFitting.Solve(features, labels, Classes);

        // At the least squares the gradient is 0: what is left of the classes, times each feature, is the ridge times its weight.
        double[] means = [.. Enumerable.Range(0, Width).Select(j => Enumerable.Range(0, Images).Average(i => features[(i * Width) + j]))];
        double ridge = 0.1 * Enumerable.Range(0, Width).Average(j => Enumerable.Range(0, Images).Sum(i => Math.Pow(features[(i * Width) + j] - means[j], 2)));
        for (int c = 0; c < Classes; c++)
        {
            double[] left = [.. Enumerable.Range(0, Images).Select(i => (labels[i] == c ? 1.0 : 0) - fitted.Bias[c] - Enumerable.Range(0, Width).Sum(j => fitted.Weights[(c * Width) + j] * (double)features[(i * Width) + j]))];
            for (int j = 0; j < Width; j++)
                Assert.Equal(ridge * fitted.Weights[(c * Width) + j], Enumerable.Range(0, Images).Sum(i => left[i] * (features[(i * Width) + j] - means[j])), 1e-4);
        }
    }

    [Fact]
    public void A_class_that_no_image_shows_is_named()
    {
        ImportedNetwork imported = NetworkImporter.Import(SomeFile.Headless(), "h.onnx", null);

        Assert.True(imported.EndsInFeatures);
        InvalidDataException e = Assert.Throws<InvalidDataException>(
            () => ClassifierFitting.Fit(imported, SomeImages.Noise(imported.Net.Input, 5), 2, CancellationToken.None));
        Assert.Contains("is of class 1; labels 0 to 1 are in use", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Features_are_handed_on_as_the_file_puts_them_out()
    {
        byte[] file = SomeFile.Headless();
        ImportedNetwork imported = NetworkImporter.Import(file, "h.onnx", null);

        Assert.InRange(SourceCheck.Compare(file, "h", imported, SomeImages.Noise(imported.Net.Input, 6), CancellationToken.None), 0, 1e-4);
    }
}
