import Testing

@testable import ProvisionArtifacts

@Suite struct ChecksumFileTests {
    private static let hash = String(repeating: "ab", count: 32)
    private static let other = String(repeating: "cd", count: 32)

    @Test(arguments: [
        "\(hash)",
        "\(hash)\n",
        "\(hash.uppercased())  file.tgz\n",
        "\(other)  other.tgz\n\(hash)  file.tgz\n",
        "\(hash) *file.tgz\n",
        "\(hash)  release/file.tgz\r\n",
    ])
    func findsTheHash(text: String) {
        #expect(ChecksumFile.hash(for: "file.tgz", in: text) == Self.hash)
    }

    @Test(arguments: ["", "not a hash", "\(other)  other.tgz\n", "abc  file.tgz", "\(hash)\n\(other)\n"])
    func findsNone(text: String) {
        #expect(ChecksumFile.hash(for: "file.tgz", in: text) == nil)
    }
}
