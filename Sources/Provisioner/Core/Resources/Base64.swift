/// RFC 4648 base64 in lines of 76 characters, as `base64 -d` reads it.
package enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    package static func encode(_ bytes: [UInt8]) -> String {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count * 4 / 3 + bytes.count / 57 + 4)
        for start in stride(from: 0, to: bytes.count, by: 57) {
            if start > 0 { output.append(0x0A) }
            encodeLine(bytes[start..<min(start + 57, bytes.count)], into: &output)
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static func encodeLine(_ line: ArraySlice<UInt8>, into output: inout [UInt8]) {
        var index = line.startIndex
        while index < line.endIndex {
            let left = line.endIndex - index
            let second = left > 1 ? line[index + 1] : 0
            let third = left > 2 ? line[index + 2] : 0
            let bits = UInt32(line[index]) << 16 | UInt32(second) << 8 | UInt32(third)
            output.append(alphabet[Int(bits >> 18)])
            output.append(alphabet[Int(bits >> 12 & 63)])
            output.append(left > 1 ? alphabet[Int(bits >> 6 & 63)] : 0x3D)
            output.append(left > 2 ? alphabet[Int(bits & 63)] : 0x3D)
            index += 3
        }
    }
}

extension Base64 {
    /// The bytes of a text in one line; `nil` where it holds anything else.
    package static func decode(_ text: some StringProtocol) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count / 4 * 3)
        var bits: UInt32 = 0
        var count = 0
        for byte in text.utf8 where byte != 0x3D {
            guard let value = value(of: byte) else { return nil }
            bits = bits << 6 | UInt32(value)
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return bytes
    }

    private static func value(of byte: UInt8) -> UInt8? {
        switch byte {
        case 0x41...0x5A: byte - 0x41
        case 0x61...0x7A: byte - 0x61 + 26
        case 0x30...0x39: byte - 0x30 + 52
        case 0x2B: 62
        case 0x2F: 63
        default: nil
        }
    }
}
