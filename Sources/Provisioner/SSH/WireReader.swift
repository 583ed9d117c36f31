/// Reads the data types of RFC 4251, section 5, and never beyond the end.
struct WireReader {
    private let bytes: [UInt8]
    private var offset = 0

    init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

    mutating func byte() -> UInt8? { take(1)?.first }

    mutating func number() -> Int? { take(4).map { $0.reduce(0) { $0 << 8 | Int($1) } } }

    /// A length and that many bytes.
    mutating func string() -> [UInt8]? {
        guard let length = number() else { return nil }
        return take(length).map(Array.init)
    }

    mutating func text() -> String? { string().map { String(decoding: $0, as: UTF8.self) } }

    /// Names between commas.
    mutating func names() -> [String]? { text().map { $0.split(separator: ",").map(String.init) } }

    mutating func skip(_ count: Int) -> Bool { take(count) != nil }

    private mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard count >= 0, count <= bytes.count - offset else { return nil }
        defer { offset += count }
        return bytes[offset..<offset + count]
    }
}

/// Writes them.
enum Wire {
    static func number(_ value: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    static func string(_ bytes: [UInt8]) -> [UInt8] { number(bytes.count) + bytes }
}
