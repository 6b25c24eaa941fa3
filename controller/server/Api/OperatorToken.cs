using System.Security.Cryptography;
using System.Text;
using InstantNet.Controller.Hosting;

namespace InstantNet.Controller.Api;

/// <summary>The secret that mutations need; made at the first start. Immutable.</summary>
internal sealed class OperatorToken
{
    private const string Scheme = "Bearer ";
    private const int TokenBytes = 32;
    private readonly byte[] _digest;

    public OperatorToken(DataFolder folder)
    {
        if (!File.Exists(folder.OperatorToken))
            PrivateFile.Write(folder.OperatorToken, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenBytes)) + "\n");
        string token = File.ReadAllText(folder.OperatorToken).Trim();
        if (token.Length == 0)
            throw new StartRefusedException($"{folder.OperatorToken} is empty: delete it, and a new token is made.");
        _digest = Digest(token);
    }

    /// <summary>True when an Authorization header holds the token. Takes equally long for every wrong one.</summary>
    public bool IsIn(string? authorization) =>
        authorization is not null
        && authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(Digest(authorization[Scheme.Length..].Trim()), _digest);

    // Digests have one length, so the comparison does not tell how long the token is.
    private static byte[] Digest(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
