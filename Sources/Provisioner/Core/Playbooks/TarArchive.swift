/// A tar archive (ustar, POSIX.1-1988) of small files, as bytes; the same files give the same bytes.
package struct TarArchive: Sendable {
    private var blocks: [UInt8] = []

    package init() {}

    /// Adds a regular file, mode 0600.
    ///
    /// - Parameters:
    ///   - name: A relative path; one of more than 255 bytes that cannot be split loses its beginning.
    ///   - content: The file's bytes.
    package mutating func add(_ name: String, _ content: [UInt8]) {
        blocks += Self.header(name, size: content.count)
        blocks += content
        blocks += [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
    }

    /// The whole archive with its end.
    package var bytes: [UInt8] { blocks + [UInt8](repeating: 0, count: 1024) }

    private static func header(_ name: String, size: Int) -> [UInt8] {
        let (prefix, rest) = split(Array(name.utf8))
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ bytes: [UInt8], _ offset: Int) {
            header.replaceSubrange(offset..<(offset + bytes.count), with: bytes)
        }
        put(rest, 0)
        put(octal(0o600, 7), 100)
        put(octal(0, 7), 108)
        put(octal(0, 7), 116)
        put(octal(size, 11), 124)
        put(octal(0, 11), 136)
        put(Array("        0".utf8), 148)
        put(Array("ustar".utf8) + [0] + Array("00".utf8), 257)
        put(prefix, 345)
        let sum = header.reduce(0) { $0 + Int($1) }
        put(octal(sum, 6) + [0, 0x20], 148)
        return header
    }

    /// At most 155 and 100 bytes, cut at a slash.
    private static func split(_ name: [UInt8]) -> (prefix: [UInt8], rest: [UInt8]) {
        guard name.count > 100 else { return ([], name) }
        let slash = name.indices.first { name[$0] == UInt8(ascii: "/") && name.count - $0 - 1 <= 100 && $0 <= 155 }
        guard let slash else { return ([], Array(name.suffix(100))) }
        return (Array(name[..<slash]), Array(name[(slash + 1)...]))
    }

    private static func octal(_ number: Int, _ width: Int) -> [UInt8] {
        let digits = String(number, radix: 8)
        return Array((String(repeating: "0", count: max(0, width - digits.count)) + digits).utf8)
    }
}
