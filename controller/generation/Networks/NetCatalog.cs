namespace InstantNet.Generation.Networks;

/// <summary>Networks by the name that options and run folders carry.</summary>
public static class NetCatalog
{
    private static readonly TensorShape Grey = new(1, 28, 28), Cifar = new(3, 32, 32), ImageNet = new(3, 224, 224);

    private static readonly Entry[] Entries =
    [
        new("mobilenet-small", Grey, 10, MobileNet.Small),
        new("alexnet", AlexNet.Build),
        new("vgg16", Vgg.Sixteen),
        new("resnet18", ImageNet, 1000, ResNet.Eighteen),
        new("mobilenet-v2", ImageNet, 1000, MobileNet.V2),
        .. BlockChoice.Blocks.Select(block => new Entry(block.ToString(), Cifar, 100, (input, classes) => SearchSpaceNet.Uniform(block, input, classes))),
        .. new[] { 20, 38, 74 }.Select(depth => new Entry($"resnet{depth}", Cifar, 10, (input, classes) => ResNet.Cifar(depth, input, classes))),
    ];

    /// <summary>Every name, for messages; the first is the one of the built-in scenario.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Entries.Select(e => e.Name)];

    /// <summary>Of those, the networks that can also be trained.</summary>
    public static IReadOnlyList<string> Trainable { get; } = [.. Entries.Where(e => e.ForImages is not null).Select(e => e.Name)];

    /// <summary>Builds a network as published, for its own images and classes: 1x28x28 and ten, CIFAR's or ImageNet's.</summary>
    /// <exception cref="ArgumentException">No network has that name; the message lists them.</exception>
    public static NetSpec Build(string name) => Find(name).Published();

    /// <summary>Builds a network to be trained on images of a shape.</summary>
    /// <exception cref="ArgumentException">It cannot be trained, see <see cref="RefuseUntrainable"/>, or the images are too small for it.</exception>
    public static NetSpec Build(string name, TensorShape input, int classes) =>
        Find(name).ForImages is { } build ? build(input, classes) : throw Untrainable(name);

    /// <summary>Says so at once when a network cannot be trained, before anything is loaded for it.</summary>
    /// <exception cref="ArgumentException">No network has that name, or it can be mapped only; the message lists those that can be trained.</exception>
    public static void RefuseUntrainable(string name)
    {
        if (Find(name).ForImages is null)
            throw Untrainable(name);
    }

    private static Entry Find(string name) => Entries.FirstOrDefault(e => e.Name == name)
        ?? throw new ArgumentException($"There is no network '{name}': {string.Join(", ", Names)} is accepted.");

    private static ArgumentException Untrainable(string name) =>
        new($"Network '{name}' can be mapped, but not trained yet: {string.Join(", ", Trainable)} can be trained.");

    private sealed record Entry(string Name, Func<NetSpec> Published)
    {
        public Entry(string name, TensorShape image, int classes, Func<TensorShape, int, NetSpec> forImages)
            : this(name, () => forImages(image, classes)) => ForImages = forImages;

        public Func<TensorShape, int, NetSpec>? ForImages { get; }
    }
}
