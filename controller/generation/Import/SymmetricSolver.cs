namespace InstantNet.Generation.Import;

/// <summary>Solves A·x = b for a symmetric positive definite A by its Cholesky factor (Golub and Van Loan, Matrix Computations, section 4.2).</summary>
internal sealed class SymmetricSolver
{
    private readonly double[][] _factor;

    /// <param name="matrix">Rows; of each what is left of the diagonal and on it is read, and overwritten with the factor.</param>
    /// <exception cref="InvalidDataException">It is not positive definite: something in it is not finite.</exception>
    public SymmetricSolver(double[][] matrix)
    {
        _factor = matrix;
        for (int i = 0; i < matrix.Length; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double rest = matrix[i][j] - Dot(matrix[i], matrix[j], j);
                if (i == j && !(rest > 0 && double.IsFinite(rest)))
                    throw new InvalidDataException("The features of the images are not all finite numbers.");
                matrix[i][j] = i == j ? Math.Sqrt(rest) : rest / matrix[j][j];
            }
        }
    }

    /// <summary>x for one right-hand side of as many values as there are rows.</summary>
    public double[] Solve(ReadOnlySpan<double> right)
    {
        double[] x = right.ToArray();
        for (int i = 0; i < x.Length; i++)
            x[i] = (x[i] - Dot(_factor[i], x, i)) / _factor[i][i];
        for (int i = x.Length - 1; i >= 0; i--)
        {
            x[i] /= _factor[i][i];
            for (int j = 0; j < i; j++)
                x[j] -= _factor[i][j] * x[i];
        }

        return x;
    }

    private static double Dot(double[] left, double[] right, int count)
    {
        double sum = 0;
        for (int i = 0; i < count; i++)
            sum += left[i] * right[i];
        return sum;
    }
}
