using InstantNet.Controller.Broker;

namespace InstantNet.Tests.Unit.Controller.Broker;

public class PasswordHashTests
{
    // Printed by mosquitto_passwd 2.0.11 for the password "correct horse".
    private const string FromMosquitto =
        "$7$101$Ar4mWFRJUFKBCEx6$o1se8PUAmERQK5a0DA+q9OSZvmzhl6IeyxriyrB5zKtv9skagKfiE5iZxrKyoTFHjUD3Tax2lYPrllLQAfA86w==";

    [Fact]
    public void Agrees_with_what_mosquitto_passwd_writes()
    {
        Assert.True(PasswordHash.Matches("correct horse", FromMosquitto));
        Assert.False(PasswordHash.Matches("correct horsf", FromMosquitto));
    }

    [Fact]
    public void Writes_the_same_shape_with_a_new_salt_each_time()
    {
        string one = PasswordHash.Of("secret");
        string two = PasswordHash.Of("secret");

        Assert.Matches(@"^\$7\$101\$[A-Za-z0-9+/]{16}\$[A-Za-z0-9+/]{86}==$", one);
        Assert.NotEqual(one, two);
        Assert.True(PasswordHash.Matches("secret", two));
    }

    [Theory]
    [InlineData("")]
    [InlineData("secret")]
    [InlineData("$6$salt$hash")]
    [InlineData("$7$0$AA==$AA==")]
    [InlineData("$7$x$AA==$AA==")]
    [InlineData("$7$101$!!$AA==")]
    public void A_text_of_another_format_matches_nothing(string hash) => Assert.False(PasswordHash.Matches("secret", hash));

    [Fact]
    public void New_passwords_hold_256_bits_and_need_no_quoting()
    {
        string password = PasswordHash.NewPassword();

        Assert.Matches("^[A-Za-z0-9_-]{43}$", password);
        Assert.NotEqual(password, PasswordHash.NewPassword());
    }
}
