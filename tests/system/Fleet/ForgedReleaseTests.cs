using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Releases;

namespace InstantNet.Tests.System.Fleet;

[Collection(FleetFixture.Name)]
public class ForgedReleaseTests(FleetFixture fleet)
{
    [Fact]
    public async Task A_job_that_the_release_key_did_not_sign_is_rejected_and_the_last_good_release_serves_on()
    {
        await using FleetAgent agent = await fleet.StartAgentAsync("forged-1");
        Assert.Equal(1, (await fleet.RollOutAsync(fleet.First, agent)).Committed);

        foreach ((string job, SignedManifest forged) in new[] { ("flipped", Flipped()), ("strange", SignedByAStranger()) })
        {
            JobOffer offer = new(
                JobOffer.MessageVersion, WireId.Parse(job), 1, TimeProvider.System.GetUtcNow().AddHours(1), forged.Manifest, forged.Signature, forged.KeyId);
            await Intruder.PublishAsync(fleet, (fleet.Topics.Job(agent.WireId), JsonSerializer.SerializeToUtf8Bytes(offer, WireJson.Default.JobOffer)));

            JsonNode status = await agent.UntilItSaysAsync(
                $"how job '{job}' ended", s => (string?)s["execution"]?["job"] == job && (string?)s["execution"]!["state"] is "Rejected" or "Failed" or "Committed");

            Assert.Equal(("Rejected", "BadSignature"), ((string?)status["execution"]!["state"], (string?)status["execution"]!["code"]));
            Assert.Equal(("first", "first"), ((string?)status["lastGood"], (string?)status["serving"]!["release"]));
            long frames = (long)status["frames"]!["done"]!;
            await agent.UntilItSaysAsync("that it serves on", s => (long)s["frames"]!["done"]! > frames);
        }
    }

    [Fact]
    public async Task The_controller_takes_in_no_release_that_its_key_did_not_sign()
    {
        using HttpClient http = fleet.Operator();
        foreach (SignedManifest forged in new[] { Flipped(), SignedByAStranger() })
        {
            using HttpResponseMessage response = await http.PostAsJsonAsync(
                "/api/v1/releases", new { manifest = forged.Manifest, signature = forged.Signature, keyId = forged.KeyId });

            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
            string sentence = (string)(await response.Content.ReadFromJsonAsync<JsonNode>())!["detail"]!;
            Assert.Contains("signed", sentence, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', sentence);
        }
    }

    /// <summary>The second release's signature over a manifest in which one bit is another: revision 2 became 3.</summary>
    private SignedManifest Flipped()
    {
        SignedManifest envelope = fleet.Second.Envelope;
        byte[] manifest = [.. envelope.Manifest];
        byte[] field = Encoding.ASCII.GetBytes("\"revision\":2");
        int at = manifest.AsSpan().IndexOf(field);
        Assert.NotEqual(-1, at);
        manifest[at + field.Length - 1] ^= 1;
        return envelope with { Manifest = manifest };
    }

    /// <summary>Well signed, by a key that nobody trusts, which calls itself the trusted one.</summary>
    private SignedManifest SignedByAStranger()
    {
        using ECDsa stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new ReleaseSigner(stranger).Sign(fleet.Second.Manifest with { Release = WireId.Parse("strange") }) with { KeyId = fleet.Second.Envelope.KeyId };
    }
}
