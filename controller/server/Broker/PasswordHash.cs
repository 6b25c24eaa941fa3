using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace InstantNet.Controller.Broker;

/// <summary>Passwords as mosquitto's password file keeps them: <c>$7$iterations$salt$hash</c>, PBKDF2 with SHA-512. Pure.</summary>
/// <remarks>Source: mosquitto 2.0.11, <c>mosquitto_passwd</c>; same salt and hash sizes. Its few iterations suit the passwords made here:
/// 256 random bits cannot be guessed, and ten thousand devices reconnect at once after an outage.</remarks>
internal static class PasswordHash
{
    private const int Iterations = 101;
    private const int SaltBytes = 12;
    private const int HashBytes = 64;
    private const int PasswordBytes = 32;

    /// <summary>A password of 256 random bits, base64url.</summary>
    public static string NewPassword() =>
        Convert.ToBase64String(RandomNumberGenerator.GetBytes(PasswordBytes)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    public static string Of(string password) => Format(password, RandomNumberGenerator.GetBytes(SaltBytes), Iterations);

    /// <summary>True when the password is the one that was hashed. A text of another format matches nothing.</summary>
    public static bool Matches(string password, string hash)
    {
        string[] parts = hash.Split('$');
        if (parts is not ["", "7", var iterations, var salt, var expected] || !int.TryParse(iterations, CultureInfo.InvariantCulture, out int count) || count < 1)
            return false;
        byte[] saltBytes = new byte[salt.Length];
        return Convert.TryFromBase64String(salt, saltBytes, out int length)
            && CryptographicOperations.FixedTimeEquals(
                Encoding.ASCII.GetBytes(Format(password, saltBytes[..length], count)), Encoding.ASCII.GetBytes($"$7${count}${salt}${expected}"));
    }

    private static string Format(string password, byte[] salt, int iterations)
    {
        byte[] hash = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, iterations, HashAlgorithmName.SHA512, HashBytes);
        return string.Create(CultureInfo.InvariantCulture, $"$7${iterations}${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}");
    }
}
