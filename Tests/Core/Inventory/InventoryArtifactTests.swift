import ProvisionCore
import Testing

/// What inventories say about the files that hosts are sent.
@Suite struct InventoryArtifactTests {
    private static let fleet = """
        apiVersion: provision/v1
        hosts:
          controllers: [{name: a, address: 192.168.2.2}]
          workers:
            - {name: b, address: 192.168.2.5, architecture: amd64}
            - {name: c, address: 192.168.2.6, architecture: arm64}
            - a

        """

    @Test(arguments: MachineArchitecture.allCases)
    func `a host is built for as it says, or else as the operator's machine`(_ own: MachineArchitecture) throws {
        var context = InventoryFixtures.context
        context.architecture = own
        let spec = try InventoryFixtures.decode(Self.fleet, context: context).spec
        #expect(spec.hosts.map(\.name) == ["a", "b", "c"])
        #expect(spec.hosts.map(\.architecture) == [own, .amd64, .arm64])
    }

    @Test func `an architecture knows its machine's name`() {
        for architecture in MachineArchitecture.allCases {
            #expect(MachineArchitecture(machine: architecture.machine) == architecture)
        }
        #expect(MachineArchitecture(machine: "riscv64") == nil)
    }

    @Test func `images that are preloaded are called as their archives`() throws {
        let images = { (text: String) in
            try InventoryFixtures.decode(text + Self.fleet.replacing("arm64", with: "amd64")).spec.images
        }
        let preloaded = try images("images: {preload: true}\nversions: {coreDNS: 1.13.1}\n")
        #expect(preloaded.dns == "provision.local/coredns:1.13.1")
        #expect([preloaded.pause, preloaded.smokeTest] == [PreloadedImages.pause, PreloadedImages.nginx])
        let named = "images: {preload: true, smokeTest: \"provision.local/nginx:1.26.3\"}\n"
        let other = try images(named + "dns: {provider: dnsmasq}\n")
        #expect([other.dns, other.smokeTest] == [PreloadedImages.dnsmasq, "provision.local/nginx:1.26.3"])
        let pulled = try images("")
        #expect(pulled.pause == "registry.k8s.io/pause:3.10" && !pulled.preload)
    }

    @Test func `pods pull each time only where that is wanted`() throws {
        let features = { (text: String) in try InventoryFixtures.decode(text + Self.fleet).spec.features }
        #expect(try features("features: {alwaysPullImages: true}\n").alwaysPullImages)
        #expect(try !features("").alwaysPullImages)
        let both = "features: {alwaysPullImages: true}\nimages: {preload: true}\n"
        #expect(InventoryFixtures.codes(both + Self.fleet).contains("features.always-pull"))
    }
}
