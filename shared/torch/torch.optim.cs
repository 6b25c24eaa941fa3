namespace InstantNet.Torch;

public static unsafe partial class torch
{
    /// <summary>Optimisers.</summary>
    public static class optim
    {
        /// <summary>Stochastic gradient descent with heavy-ball momentum; weight decay is added to the gradient.</summary>
        /// <param name="parameters">Contiguous float leaves; borrowed, they must outlive the optimiser.</param>
        /// <param name="learningRate">Of the first step.</param>
        /// <param name="momentum">0..1.</param>
        /// <param name="dampening">Only 0 is known here.</param>
        /// <param name="weight_decay">Not negative.</param>
        public static SGD SGD(IEnumerable<Parameter> parameters, double learningRate, double momentum = 0, double dampening = 0, double weight_decay = 0) =>
            new([.. parameters], learningRate, momentum, dampening, weight_decay);

        /// <summary>What changes an optimiser's rate between steps.</summary>
        public interface ILearningRateController
        {
            /// <summary>Used by the next step.</summary>
            double LearningRate { get; set; }
        }

        /// <summary>Steps as long as the gradient is steady: Kingma and Ba, Adam, ICLR 2015.</summary>
        /// <param name="parameters">Contiguous float leaves; borrowed, they must outlive the optimiser.</param>
        /// <param name="lr">Of every step.</param>
        /// <param name="beta1">How much of the gradient's mean stays at a step, 0..1.</param>
        /// <param name="beta2">How much of its square's mean stays, 0..1.</param>
        /// <param name="eps">Added to the root of the square's mean.</param>
        public static Adam Adam(IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.99, double eps = 1e-8) =>
            new([.. parameters], lr, beta1, beta2, eps);
    }
}
