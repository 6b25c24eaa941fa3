using InstantNet.Generation.Export;
using InstantNet.Generation.Import;
using InstantNet.Generation.Networks;

namespace InstantNet.Tests.Unit.Generation.Import;

/// <summary>Files that cannot be imported: one sentence that says what, where, and what is accepted.</summary>
public class RefusedFileTests
{
    [Fact]
    public void A_file_cut_off_anywhere_is_refused_and_never_read_past_its_end()
    {
        byte[] whole = SomeFile.VggLike();
        for (int length = 0; length < whole.Length; length += Math.Max(1, whole.Length / 300))
            Refuse(whole[..length], "'cut.onnx' cannot be imported: ", "cut.onnx");
    }

    [Fact]
    public void A_file_with_a_changed_byte_is_imported_or_refused_with_a_sentence()
    {
        byte[] whole = SomeFile.ResNetLike();
        Random random = new(2);
        for (int i = 0; i < 400; i++)
        {
            byte[] changed = [.. whole];
            changed[random.Next(Math.Min(2000, whole.Length))] ^= (byte)random.Next(1, 256);
            try
            {
                NetworkImporter.Import(changed, "changed.onnx", null);
            }
            catch (InvalidDataException e)
            {
                Assert.StartsWith("'changed.onnx' cannot be imported: ", e.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void What_is_not_onnx_is_said_so() => Refuse("GIF89a and so on"u8.ToArray(), "not an ONNX file");

    [Fact]
    public void Nothing_at_all_is_said_so() => Refuse([], "not an ONNX file");

    [Theory]
    [InlineData("Sigmoid")]
    [InlineData("HardSwish")]
    [InlineData("Transpose")]
    public void An_operator_that_is_not_accepted_is_named_with_its_node(string operation) => Refuse(
        SomeFile.With(f => f.Node(operation, ["image"])), $"node '/{operation}_1' ({operation}) is not accepted: Conv, ");

    [Fact]
    public void Open_sides_of_the_image_are_refused() =>
        Refuse(SomeFile.With(_ => "image", 1, 2, 0, 6), "'image' leaves channels, height or width open; only the batch may be");

    [Fact]
    public void An_open_batch_is_accepted() =>
        Assert.Equal(1, NetworkImporter.Import(SomeFile.With(_ => "image", 0, 2, 6, 6), "open.onnx", null).Source.Batch);

    [Fact]
    public void An_input_that_is_no_batch_of_images_is_refused() =>
        Refuse(SomeFile.With(_ => "image", 1, 72), "'image' has 2 dimensions; [batch, channels, height, width] is accepted");

    [Fact]
    public void A_kernel_that_is_not_square_is_refused() =>
        Refuse(SomeFile.With(f => f.Node("MaxPool", ["image"], SomeFile.Ints("kernel_shape", 1, 3))), "kernel of [1, 3]; a square one");

    [Fact]
    public void Strides_that_differ_are_refused() =>
        Refuse(SomeFile.With(f => f.Node("MaxPool", ["image"], SomeFile.Ints("kernel_shape", 2, 2), SomeFile.Ints("strides", 1, 2))), "strides [1, 2]");

    [Fact]
    public void Dilations_are_refused() => Refuse(
        SomeFile.With(f => f.Node("Conv", ["image", f.Weights(18, 2, 2, 3, 3)], SomeFile.Ints("dilations", 2, 2))), "dilations [2, 2]; 1 is accepted");

    [Fact]
    public void Padding_that_differs_from_side_to_side_is_refused_where_it_matters() => Refuse(
        SomeFile.With(f => f.Node("MaxPool", ["image"], SomeFile.Ints("kernel_shape", 3, 3), SomeFile.Ints("pads", 0, 0, 1, 1))), "pads [0, 0, 1, 1]");

    [Fact]
    public void Weights_that_do_not_fit_what_is_read_are_refused() =>
        Refuse(SomeFile.With(f => f.Node("Conv", ["image", f.Weights(27, 2, 3, 3, 3)])), "reads 2x6x6 with weights [2, 3, 3, 3] in 1 groups");

    [Fact]
    public void Weights_that_are_computed_from_the_image_are_refused() =>
        Refuse(SomeFile.With(f => f.Node("Conv", ["image", f.Node("Relu", ["image"])])), "has no constant, finite float32 values as input 2");

    [Fact]
    public void A_clip_that_does_not_begin_at_0_is_refused() =>
        Refuse(SomeFile.With(f => f.Node("Clip", ["image", f.Constant([-1f]), f.Constant([1f])])), "clips to -1..1; from 0 up");

    [Fact]
    public void A_sum_of_two_shapes_is_refused() => Refuse(
        SomeFile.With(f => f.Node("Add", ["image", f.Node("MaxPool", ["image"], SomeFile.Ints("kernel_shape", 2, 2))])), "2x6x6 and 2x5x5");

    [Fact]
    public void A_network_without_a_classifier_is_refused()
    {
        OnnxGraph graph = new("headless");
        graph.Input("image", OnnxType.Float, 1, 2, 6, 6);
        graph.Output(graph.Node("Relu", ["image"], "end"), OnnxType.Float, 1, 2, 6, 6);

        Refuse(graph.ToModel(), "ends with 'end', which is no classifier");
    }

    [Theory]
    [InlineData(6)]
    [InlineData(99)]
    public void Operators_of_another_version_are_refused(int version) => Refuse(
        new ProtobufWriter().Message(7, new ProtobufWriter().Text(2, "g")).Message(8, new ProtobufWriter().Integer(2, version)).ToArray(),
        $"version {version} of the ONNX operators, 7 to 24 are accepted");

    [Fact]
    public void Weights_in_another_file_are_refused()
    {
        ProtobufWriter tensor = new ProtobufWriter().Integer(1, 4).Integer(2, 1).Text(8, "w").Integer(14, 1);
        Refuse(File(new ProtobufWriter().Message(5, tensor)), "constant 'w' lies in another file");
    }

    [Fact]
    public void A_constant_that_does_not_fill_its_dimensions_is_refused()
    {
        ProtobufWriter tensor = new ProtobufWriter().Integer(1, long.MaxValue).Integer(1, long.MaxValue).Integer(2, 1).Text(8, "w").Bytes(9, new byte[8]);
        Refuse(File(new ProtobufWriter().Message(5, tensor)), "constant 'w' holds 2 values");
    }

    [Fact]
    public void A_length_beyond_the_file_is_refused() => Refuse([0x3A, 0xFF, 0xFF, 0xFF, 0xFF, 0x07, 1, 2], "claims 2147483647 bytes, 2 are left");

    [Fact]
    public void Means_for_other_channels_are_refused()
    {
        InvalidDataException fault = Assert.Throws<InvalidDataException>(() =>
            NetworkImporter.Import(SomeFile.ResNetLike(), "r.onnx", new InputNormalization([0.5f, 0.5f], [1, 1])));

        Assert.Contains("3 channels, the means and deviations given 2", fault.Message, StringComparison.Ordinal);
    }

    private static byte[] File(ProtobufWriter graph) => new ProtobufWriter().Message(7, graph).Message(8, new ProtobufWriter().Integer(2, 21)).ToArray();

    private static void Refuse(byte[] file, string why, string name = "bad.onnx")
    {
        string message = Assert.Throws<InvalidDataException>(() => NetworkImporter.Import(file, name, null)).Message;

        Assert.Contains(why, message, StringComparison.Ordinal);
        Assert.EndsWith(".", message, StringComparison.Ordinal);
    }
}
