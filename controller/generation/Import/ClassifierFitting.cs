using InstantNet.Generation.Datasets;
using InstantNet.Generation.Export;
using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Import;

/// <summary>
/// Gives a network that ends in features the classifier that it lacks: ridge regression of the classes on the float network's features of labelled
/// images, the linear probe of Alain and Bengio (ICLR workshop 2017). Pure.
/// </summary>
internal static class ClassifierFitting
{
    /// <summary>More of them and the square matrix of the solution alone takes over a hundred megabytes.</summary>
    public const int MostFeatures = 4096;

    // Of the features' mean variance: enough for features that always move together, too little to matter for the others.
    private const double Ridge = 0.1;

    /// <exception cref="InvalidDataException">Images without labels or too few of them, or too many features.</exception>
    public static void RefuseUnfit(ImportedNetwork imported, CalibrationImages given, string file)
    {
        given.RequireLessons($"A classifier for the features in which '{file}' ends");
        if (imported.Net.Classes > MostFeatures)
            throw new InvalidDataException($"'{file}' ends in {imported.Net.Classes} features; up to {MostFeatures} are accepted.");
    }

    /// <summary>The network with a classifier in place of the layer that hands its features on.</summary>
    /// <param name="imported">One that ends in features.</param>
    /// <param name="images">Labelled; what they do not show is not learned.</param>
    /// <param name="classes">Number of classes, above every label.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidDataException">A class has no image.</exception>
    public static ImportedNetwork Fit(ImportedNetwork imported, ImageSet images, int classes, CancellationToken cancellationToken)
    {
        int[] missing = [.. Enumerable.Range(0, classes).Except(images.Labels.ToArray().Select(l => (int)l))];
        if (missing.Length > 0)
            throw new InvalidDataException($"No image that fits the classifier is of class {missing[0]}; labels 0 to {classes - 1} are in use, and each needs some.");
        NetSpec net = imported.Net;
        float[] features = new OnnxEvaluator().Evaluate(
            ModelExporter.Export(net, imported.Variant, new ExportOptions(ImportPipeline.BatchOf(images))), images, cancellationToken).Logits;
        TrainedClassifier classifier = Solve(features, images.Labels.ToArray(), classes);
        LinearSpec last = (LinearSpec)net.Layers[^1] with { OutFeatures = classes };
        return imported with
        {
            Net = new NetSpec(net.Name, net.Input, [.. net.Layers.SkipLast(1), last]) { Normalization = net.Normalization },
            Variant = imported.Variant with { Classifier = classifier },
            EndsInFeatures = false,
        };
    }

    /// <summary>Least squares of the classes, 1 for an image's own and 0 for the others, on centred features, with a pull to small weights.</summary>
    /// <param name="features">A row an image.</param>
    /// <param name="labels">Class of each.</param>
    /// <param name="classes">Number of classes.</param>
    internal static TrainedClassifier Solve(ReadOnlySpan<float> features, ReadOnlySpan<byte> labels, int classes)
    {
        int images = labels.Length, width = features.Length / images;
        double[] means = new double[width], shares = new double[classes];
        for (int i = 0; i < features.Length; i++)
            means[i % width] += features[i] / (double)images;
        foreach (byte label in labels)
            shares[label] += 1.0 / images;

        double[][] products = Rows(width, width), targets = Rows(classes, width);
        double[] row = new double[width];
        for (int image = 0; image < images; image++)
        {
            for (int j = 0; j < width; j++)
                row[j] = features[(image * width) + j] - means[j];
            for (int i = 0; i < width; i++)
                AddScaled(row.AsSpan(0, i + 1), row[i], products[i]);
            AddScaled(row, 1, targets[labels[image]]);
        }

        double ridge = Ridge * Math.Max(Enumerable.Range(0, width).Average(i => products[i][i]), double.Epsilon);
        for (int i = 0; i < width; i++)
            products[i][i] += ridge;
        SymmetricSolver solver = new(products);
        float[] weights = new float[classes * width], bias = new float[classes];
        for (int c = 0; c < classes; c++)
        {
            double[] solved = solver.Solve(targets[c]);
            double atMean = 0;
            for (int j = 0; j < width; j++)
            {
                weights[(c * width) + j] = (float)solved[j];
                atMean += solved[j] * means[j];
            }

            bias[c] = (float)(shares[c] - atMean);
        }

        return new TrainedClassifier(weights, bias);
    }

    private static double[][] Rows(int count, int width) => [.. Enumerable.Range(0, count).Select(_ => new double[width])];

    private static void AddScaled(ReadOnlySpan<double> values, double factor, Span<double> total)
    {
        for (int i = 0; i < values.Length; i++)
            total[i] += factor * values[i];
    }
}
