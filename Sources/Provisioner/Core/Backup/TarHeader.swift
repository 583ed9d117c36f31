/// The 512 bytes before each file of a tar archive (POSIX ustar).
package struct TarHeader: Sendable, Equatable {
    package static let blockSize = 512
    /// What ends an archive.
    package static let trailer = [UInt8](repeating: 0, count: 2 * blockSize)

    /// At most 100 bytes.
    package var name: String
    /// Bytes, less than 8 GiB.
    package var size: Int
    /// Seconds since 1970.
    package var modified: Int64

    package init(name: String, size: Int, modified: Int64) {
        self.name = name
        self.size = size
        self.modified = modified
    }

    /// Zeroes that follow the file up to the next block.
    package var padding: Int { (Self.blockSize - size % Self.blockSize) % Self.blockSize }

    /// Header, file and padding together.
    package var space: Int { Self.blockSize + size + padding }

    /// A regular file that only its owner reads.
    package var bytes: [UInt8] {
        var block = [UInt8](repeating: 0, count: Self.blockSize)
        func put(_ text: String, at offset: Int) {
            block.replaceSubrange(offset..<offset + text.utf8.count, with: text.utf8)
        }
        put(name, at: 0)
        put(Self.octal(0o600, 7), at: 100)
        put(Self.octal(0, 7), at: 108)
        put(Self.octal(0, 7), at: 116)
        put(Self.octal(size, 11), at: 124)
        put(Self.octal(Int(modified), 11), at: 136)
        put("        ", at: 148)
        put("0", at: 156)
        put("ustar\u{0}00", at: 257)
        let sum = block.reduce(0) { $0 + Int($1) }
        put(Self.octal(sum, 6) + "\u{0} ", at: 148)
        return block
    }

    /// Reads a block; `nil` where it is no header of a regular file.
    package init?(block: some Collection<UInt8>) {
        let block = Array(block)
        guard block.count == Self.blockSize, block[257..<262].elementsEqual("ustar".utf8), block[156] == 0x30,
            let size = Self.number(block[124..<136]), let sum = Self.number(block[148..<156]),
            let modified = Self.number(block[136..<148])
        else { return nil }
        let blanked = block[..<148] + [UInt8](repeating: 0x20, count: 8) + block[156...]
        guard blanked.reduce(0, { $0 + Int($1) }) == sum else { return nil }
        name = String(decoding: block[..<100].prefix { $0 != 0 }, as: UTF8.self)
        self.size = size
        self.modified = Int64(modified)
    }

    private static func octal(_ number: Int, _ width: Int) -> String {
        let digits = String(number, radix: 8)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    private static func number(_ field: ArraySlice<UInt8>) -> Int? {
        Int(String(decoding: field.prefix { $0 != 0 && $0 != 0x20 }, as: UTF8.self), radix: 8)
    }
}

/// Takes a tar archive apart as its bytes come.
package struct TarReader: Sendable {
    package enum Event: Sendable, Equatable {
        case file(TarHeader)
        /// A part of the file that came last.
        case data(ArraySlice<UInt8>)
        case end
    }

    /// A block that is no header.
    package struct Damaged: Error, Sendable, Equatable {}

    private var pending: [UInt8] = []
    private var remaining = 0
    private var padding = 0
    private var hasEnded = false

    package init() {}

    /// Whether every file has come whole, and the end too.
    package var isComplete: Bool { hasEnded }

    /// What these bytes hold.
    package mutating func push(_ bytes: [UInt8]) throws(Damaged) -> [Event] {
        pending += bytes
        var events: [Event] = []
        var start = 0
        while start < pending.count, !hasEnded {
            if remaining > 0 {
                let part = pending[start...].prefix(remaining)
                events.append(.data(part))
                remaining -= part.count
                start += part.count
            } else if padding > 0 {
                let count = min(padding, pending.count - start)
                padding -= count
                start += count
            } else {
                guard pending.count - start >= TarHeader.blockSize else { break }
                let block = pending[start..<start + TarHeader.blockSize]
                start += TarHeader.blockSize
                if block.allSatisfy({ $0 == 0 }) {
                    hasEnded = true
                    events.append(.end)
                } else {
                    guard let header = TarHeader(block: block) else { throw Damaged() }
                    (remaining, padding) = (header.size, header.padding)
                    events.append(.file(header))
                }
            }
        }
        pending.removeFirst(start)
        return events
    }
}
