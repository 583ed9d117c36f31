import ArgumentParser
import Testing

@testable import provision

@Suite struct CertsRotateCommandTests {
    @Test(arguments: RotationTarget.allCases)
    func `what is rotated is not taken for an inventory that is missing`(_ target: RotationTarget) {
        do {
            _ = try Provision.parseAsRoot(["certs", "rotate", target.rawValue])
            Issue.record("\(target) was taken for an inventory")
        } catch {
            let words = "\(target.rawValue): of which cluster? provision certs rotate \(target.rawValue) INVENTORY"
            #expect(Provision.message(for: error).contains(words))
        }
    }

    @Test func `an inventory alone is one`() {
        #expect(throws: Never.self) { try Provision.parseAsRoot(["certs", "rotate", "--resume", "inventory.yaml"]) }
    }
}
