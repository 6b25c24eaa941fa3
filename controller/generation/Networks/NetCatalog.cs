namespace InstantNet.Generation.Networks;

/// <summary>Networks by the name that options and run folders carry.</summary>
public static class NetCatalog
{
    /// <summary>Every name, for messages; the first is the one of the built-in scenario.</summary>
    public static IReadOnlyList<string> Names { get; } = ["mobilenet-small", "alexnet", "vgg16", "resnet18", "mobilenet-v2"];

    /// <summary>Of those, the networks that can also be trained and exported.</summary>
    public static IReadOnlyList<string> Trainable { get; } = ["mobilenet-small"];

    /// <summary>Builds a network as published, for its own images and classes: 1x28x28 and ten, or ImageNet's.</summary>
    /// <exception cref="ArgumentException">No network has that name; the message lists them.</exception>
    public static NetSpec Build(string name) => name switch
    {
        "mobilenet-small" => MobileNet.Small(new TensorShape(1, 28, 28), 10),
        "alexnet" => AlexNet.Build(),
        "vgg16" => Vgg.Sixteen(),
        "resnet18" => ResNet.Eighteen(),
        "mobilenet-v2" => MobileNet.V2(),
        _ => throw Unknown(name),
    };

    /// <summary>Builds a network to be trained on images of a shape.</summary>
    /// <exception cref="ArgumentException">It cannot be trained, see <see cref="RefuseUntrainable"/>.</exception>
    public static NetSpec Build(string name, TensorShape input, int classes)
    {
        RefuseUntrainable(name);
        return MobileNet.Small(input, classes);
    }

    /// <summary>Says so at once when a network cannot be trained, before anything is loaded for it.</summary>
    /// <exception cref="ArgumentException">No network has that name, or it can be mapped only; the message lists those that can be trained.</exception>
    public static void RefuseUntrainable(string name)
    {
        if (!Names.Contains(name))
            throw Unknown(name);
        if (!Trainable.Contains(name))
            throw new ArgumentException($"Network '{name}' can be mapped, but not trained yet: {string.Join(", ", Trainable)} can be trained.");
    }

    private static ArgumentException Unknown(string name) => new($"There is no network '{name}': {string.Join(", ", Names)} is accepted.");
}
