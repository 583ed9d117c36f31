import Crypto
package import SystemPackage

/// SHA-256 of files, read in blocks of 1 MiB.
package enum FileHasher {
    /// The lower-case hexadecimal hash and the size in bytes; blocks, so call it through `offloaded`.
    package static func hash(_ path: FilePath) throws -> (sha256: String, size: Int64) {
        let file = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
        return try file.closeAfter {
            var hasher = SHA256()
            var size: Int64 = 0
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
            defer { buffer.deallocate() }
            while case let count = try file.read(into: buffer), count > 0 {
                hasher.update(bufferPointer: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                size += Int64(count)
            }
            return (hex(hasher.finalize()), size)
        }
    }

    /// The hash of bytes in memory.
    package static func hash(_ bytes: [UInt8]) -> String {
        hex(SHA256.hash(data: bytes))
    }

    static func hex(_ digest: SHA256.Digest) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
