using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using InstantNet.Generation.Datasets;

namespace InstantNet.Generation.Training;

/// <summary>The batches of a run, without end, made ready on a thread of their own while the network trains on an earlier one.</summary>
/// <remarks>
/// Order and changes follow from the seed alone: a pass over the images shuffles them and drops what is left of them after the last whole batch; the
/// change to an image follows from seed, pass and image. One reader.
/// </remarks>
internal sealed class BatchFeed : IDisposable
{
    // One is trained on, two are ready or being made: more would only take memory, as making one takes a fraction of a step.
    private const int Buffers = 3;

    private readonly LabeledImages _images;
    private readonly Augmentation _augmentation;
    private readonly int _batchSize;
    private readonly int _seed;
    private readonly int _first;
    private readonly BlockingCollection<ReadyBatch> _free = new(Buffers);
    private readonly BlockingCollection<ReadyBatch> _ready = new(Buffers);
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _maker;
    private ReadyBatch? _lent;
    private ExceptionDispatchInfo? _failure;

    /// <param name="images">Borrowed until disposed.</param>
    /// <param name="batchSize">Images of a batch, at most all of them.</param>
    /// <param name="augmentation">Changes to the images.</param>
    /// <param name="seed">Of order and changes.</param>
    /// <param name="first">Batches to pass over: those that were trained on before.</param>
    public BatchFeed(LabeledImages images, int batchSize, Augmentation augmentation, int seed, int first = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(batchSize, images.Count);
        (_images, _batchSize, _augmentation, _seed, _first) = (images, batchSize, augmentation, seed, first);
        for (int i = 0; i < Buffers; i++)
            _free.Add(new ReadyBatch(batchSize, images.Shape));
        _maker = new Thread(Make) { IsBackground = true, Name = "training batches" };
        _maker.Start();
    }

    /// <summary>Waits for the next batch. The one handed out before is taken back and written over.</summary>
    public ReadyBatch Next()
    {
        if (_lent is not null)
            _free.Add(_lent);
        _lent = null;
        if (!_ready.TryTake(out _lent, Timeout.Infinite))
            _failure?.Throw();
        return _lent ?? throw new ObjectDisposedException(nameof(BatchFeed));
    }

    /// <summary>Ends the thread; the images are no longer read.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _maker.Join();
        _stop.Dispose();
        _free.Dispose();
        _ready.Dispose();
    }

    private void Make()
    {
        try
        {
            Random shuffle = new(_seed);
            int[] order = [.. Enumerable.Range(0, _images.Count)];
            int perEpoch = order.Length / _batchSize;
            for (int epoch = 0; ; epoch++)
            {
                shuffle.Shuffle(order);
                int passed = Math.Clamp(_first - (epoch * perEpoch), 0, perEpoch);
                for (int next = passed * _batchSize; next + _batchSize <= order.Length; next += _batchSize)
                {
                    ReadyBatch batch = _free.Take(_stop.Token);
                    batch.Fill(_images, order.AsSpan(next, _batchSize), _augmentation, _seed, epoch);
                    _ready.Add(batch);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed: nobody waits for more.
        }
#pragma warning disable CA1031 // handed to the caller of Next
        catch (Exception e)
#pragma warning restore CA1031
        {
            _failure = ExceptionDispatchInfo.Capture(e);
        }
        finally
        {
            _ready.CompleteAdding();
        }
    }
}
