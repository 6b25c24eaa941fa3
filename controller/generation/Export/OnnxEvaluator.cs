using InstantNet.Contracts.Inference;
using InstantNet.Generation.Datasets;
using InstantNet.Generation.Networks;
using Microsoft.ML.OnnxRuntime;

namespace InstantNet.Generation.Export;

/// <summary>Runs exported models over labelled images, one batch per core at a time. Safe from several threads.</summary>
/// <param name="threads">Batches in flight; each runs on one core, which is faster than splitting small layers over cores.</param>
public sealed class OnnxEvaluator(int threads)
{
    /// <summary>Images of a run that amortises the engine's cost per node; larger ones leave the cores' caches.</summary>
    public const int GoodBatch = 50;

    /// <summary>One batch per core.</summary>
    public OnnxEvaluator()
        : this(Environment.ProcessorCount)
    {
    }

    /// <summary>Settings that compute exactly on this CPU and leave parallelism to the caller.</summary>
    public static SessionOptions ExactOptions()
    {
        SessionOptions options = new()
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        if (IntegerKernels.NeedWide)
            options.AddSessionConfigEntry(IntegerKernels.WideKernelsKey, IntegerKernels.WideKernelsValue);
        return options;
    }

    /// <summary>Answers to all images, in order.</summary>
    /// <param name="model">A file of <see cref="ModelExporter"/>, of any batch.</param>
    /// <param name="images">Of the model's shape; the last batch is filled up with black images whose answers are dropped.</param>
    /// <param name="cancellationToken">Looked at before every batch.</param>
    /// <exception cref="ArgumentException">The model reads images of another shape.</exception>
    /// <exception cref="OnnxRuntimeException">The bytes are no model that ONNX Runtime accepts.</exception>
    public Evaluation Evaluate(byte[] model, ImageSet images, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(images);
        using SessionOptions options = ExactOptions();
        using InferenceSession session = new(model, options);
        TensorShape shape = images.Shape;
        int[] reads = session.InputMetadata[ModelTensors.Input].Dimensions;
        if (reads is not [int batch, int c, int h, int w] || batch < 1 || new TensorShape(c, h, w) != shape)
            throw new ArgumentException($"The model reads [{string.Join(", ", reads)}], the images are {shape}.", nameof(images));

        int classes = session.OutputMetadata[ModelTensors.Output].Dimensions[1];
        float[] logits = new float[images.Count * classes];
        Parallel.For(
            0,
            (images.Count + batch - 1) / batch,
            new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken },
            () => new BatchRunner(session, batch, shape, classes),
            (index, _, runner) =>
            {
                runner.Run(images, index * batch, logits);
                return runner;
            },
            runner => runner.Dispose());
        return Evaluation.Of(logits, classes, images.Labels);
    }

    /// <summary>Buffers of one thread, bound to the session once.</summary>
    private sealed class BatchRunner : IDisposable
    {
        private readonly InferenceSession _session;
        private readonly int _batch;
        private readonly int _classes;
        private readonly float[] _input;
        private readonly float[] _output;
        private readonly OrtValue _inputValue;
        private readonly OrtValue _outputValue;
        private readonly OrtIoBinding _binding;
        private readonly RunOptions _options = new();

        public BatchRunner(InferenceSession session, int batch, TensorShape shape, int classes)
        {
            _session = session;
            _batch = batch;
            _classes = classes;
            _input = GC.AllocateArray<float>(batch * shape.Count, pinned: true);
            _output = GC.AllocateArray<float>(batch * classes, pinned: true);
            _inputValue = OrtValue.CreateTensorValueFromMemory(_input, [batch, shape.Channels, shape.Height, shape.Width]);
            _outputValue = OrtValue.CreateTensorValueFromMemory(_output, [batch, classes]);
            _binding = session.CreateIoBinding();
            _binding.BindInput(ModelTensors.Input, _inputValue);
            _binding.BindOutput(ModelTensors.Output, _outputValue);
        }

        public void Run(ImageSet images, int first, float[] logits)
        {
            int count = Math.Min(_batch, images.Count - first);
            images.CopyAsFloat(first, _input.AsSpan(0, count * images.Shape.Count));
            _input.AsSpan(count * images.Shape.Count).Clear();
            _session.RunWithBinding(_options, _binding);
            _output.AsSpan(0, count * _classes).CopyTo(logits.AsSpan(first * _classes));
        }

        public void Dispose()
        {
            _options.Dispose();
            _binding.Dispose();
            _outputValue.Dispose();
            _inputValue.Dispose();
        }
    }
}
