import Foundation
import PKI
import ProvisionCore
import Templates
import Testing

@testable import provision

@Suite struct StoreSecretTests {
    private let path = NSTemporaryDirectory() + "provision-key-" + UUID().uuidString

    private func source(_ secret: PKISpec.KeySecret) throws -> CredentialStore.Passphrase? {
        var pki = try SampleCluster.spec("lab-debian.yaml").pki
        pki.keySecret = secret
        return StoreSecret(pki: pki, mayAsk: false).source
    }

    private func write(_ bytes: [UInt8], mode: Int = 0o600) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }

    private func clean() { try? FileManager.default.removeItem(atPath: path) }

    @Test func `nobody is asked where there is no terminal, and the ways out are named`() throws {
        #expect(try source(.none).map { _ in true } == nil)
        let ask = try #require(try source(.ask))
        let failure = #expect(throws: CommandFailure.self) { try ask(.opening) }
        #expect(failure?.status == .usage && failure?.message.contains("--no-input") == true)
        #expect(failure?.remedy.contains("pki.passphraseFile or pki.keyFile") == true)
    }

    @Test func `a passphrase is a file's first line`() throws {
        defer { clean() }
        try write(Array("correct horse\nsecond line\n".utf8))
        let read = try #require(try source(.firstLine(path: path)))
        #expect(try read(.opening).reveal() == "correct horse")
    }

    @Test func `a key is a whole file, whatever its bytes`() throws {
        defer { clean() }
        let read = try #require(try source(.file(path: path)))
        try write([UInt8](0..<32))
        // As sha256sum prints it.
        #expect(try read(.sealing).reveal() == "630dcd2966c4336691125448bbb25b4ff412a49c732db2c8abc1b8581bd710dd")
    }

    @Test(arguments: [(32, 0o644, ProvisionCore.ExitStatus.refused), (15, 0o600, .failed)])
    func `a key that others may read, or that is short, is none`(
        _ count: Int,
        _ mode: Int,
        _ status: ProvisionCore.ExitStatus
    ) throws {
        defer { clean() }
        try write([UInt8](repeating: 0, count: count), mode: mode)
        let read = try #require(try source(.file(path: path)))
        let failure = #expect(throws: CommandFailure.self) { try read(.opening) }
        #expect(failure?.status == status)
    }
}
