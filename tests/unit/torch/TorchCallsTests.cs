using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;
using InstantNet.Generation.Training;

namespace InstantNet.Tests.Unit.Torch;

/// <summary>Every call of InstantNet.Generation into the torch binding stands in a list, so that the surface which TorchSharp must have stays known and small.</summary>
public class TorchCallsTests
{
    private const string Rewrite = "INSTANTNET_REWRITE_TORCH_CALLS";

    [Fact]
    public void Every_torch_call_of_generation_stands_in_the_list()
    {
        string[] found = Calls(typeof(SwitchableNet).Assembly.Location);
        string list = ListFile();
        if (Environment.GetEnvironmentVariable(Rewrite) == "1")
            File.WriteAllLines(list, found);

        string[] listed = File.ReadAllLines(list), added = [.. found.Except(listed)], gone = [.. listed.Except(found)];

        Assert.True(
            added.Length + gone.Length == 0,
            $"""
             InstantNet.Generation calls the torch binding otherwise than {Path.GetFileName(list)} says.
             new:  {string.Join("\n      ", added)}
             gone: {string.Join("\n      ", gone)}
             See that TorchSharp has what is new, under that name and signature; then write the list anew: {Rewrite}=1 dotnet test tests/unit -c Release --filter {nameof(TorchCallsTests)}
             """);
    }

    [Fact]
    public void The_list_names_operators_with_their_types()
    {
        string[] calls = Calls(typeof(SwitchableNet).Assembly.Location);

        Assert.Contains("torch.nn.functional.linear(Tensor, Tensor, Tensor): Tensor", calls);
        Assert.Contains("Parameter.new(Tensor, Boolean)", calls);
    }

    /// <summary>Members of InstantNet.Torch that an assembly refers to, sorted.</summary>
    private static string[] Calls(string assembly)
    {
        using PEReader file = new(File.OpenRead(assembly));
        MetadataReader reader = file.GetMetadataReader();
        TypeNames names = new();
        SortedSet<string> calls = new(StringComparer.Ordinal);
        foreach (MemberReferenceHandle handle in reader.MemberReferences)
        {
            MemberReference member = reader.GetMemberReference(handle);
            if (member.Parent.Kind == HandleKind.TypeReference && IsTorch(reader, (TypeReferenceHandle)member.Parent))
                calls.Add(Describe(reader, member, names));
        }

        return [.. calls];
    }

    private static string Describe(MetadataReader reader, MemberReference member, TypeNames names)
    {
        string owner = TypeNames.Full(reader, (TypeReferenceHandle)member.Parent), name = reader.GetString(member.Name);
        if (member.GetKind() == MemberReferenceKind.Field)
            return $"{owner}.{name}: {member.DecodeFieldSignature(names, null)}";
        MethodSignature<string> signature = member.DecodeMethodSignature(names, null);
        string parameters = string.Join(", ", signature.ParameterTypes);
        return name == ".ctor" ? $"{owner}.new({parameters})" : $"{owner}.{name}({parameters}): {signature.ReturnType}";
    }

    private static bool IsTorch(MetadataReader reader, TypeReferenceHandle handle)
    {
        TypeReference type = reader.GetTypeReference(handle);
        return type.ResolutionScope.Kind switch
        {
            HandleKind.TypeReference => IsTorch(reader, (TypeReferenceHandle)type.ResolutionScope),
            HandleKind.AssemblyReference => reader.GetString(reader.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope).Name) == "InstantNet.Torch",
            _ => false,
        };
    }

    private static string ListFile([CallerFilePath] string thisFile = "") =>
        Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", "..", "shared", "torch", "calls.txt");
}
