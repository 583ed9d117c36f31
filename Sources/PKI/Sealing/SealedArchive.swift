package import Templates

/// Bytes under a key that a person keeps: AES-256-GCM in chunks, the key by scrypt from a passphrase, a recovery code or
/// a key file.
///
/// A header of 64 bytes, its tag, then the chunks, each followed by its tag; `SealedHeader` has the layout. Each archive
/// has a salt and therefore a key of its own; a chunk's nonce is its number, so chunks cannot be moved, and the length in
/// the sealed header tells a truncated archive from a whole one.
package enum SealedArchive {
    /// What opens an archive.
    package enum Key: Sendable {
        case passphrase(Secret<String>)
        /// Printed once at a terminal, `RecoveryCode`; typed back in any case, with or without dashes.
        case recoveryCode(Secret<String>)
        /// The content of a file, 16 bytes or more.
        case keyFile(Secret<[UInt8]>)

        var kind: SealedHeader.KeyKind {
            switch self {
            case .passphrase: .passphrase
            case .recoveryCode: .recoveryCode
            case .keyFile: .keyFile
            }
        }
    }

    /// Seals bytes that are in memory.
    ///
    /// - Parameters:
    ///   - bytes: What to seal.
    ///   - key: What will open it.
    ///   - cost: log2 of scrypt's N, 10 to 20; the standard one takes 128 MiB and about half a second.
    /// - Returns: The archive.
    /// - Throws: `SealedArchiveError.keyTooShort`, or `.library` where libcrypto fails.
    package static func seal(
        _ bytes: [UInt8],
        with key: Key,
        cost: UInt8 = standardCost
    ) throws(SealedArchiveError) -> [UInt8] {
        var sealer = try Sealer(length: bytes.count, key: key, cost: cost)
        var sealed = sealer.header
        while let range = sealer.nextRange { sealed += try sealer.seal(bytes[range]) }
        return sealed
    }

    package static let standardCost: UInt8 = 17

    /// Opens bytes that are in memory; nothing of them is given back unless all is as it was sealed.
    ///
    /// - Throws: `SealedArchiveError`.
    package static func open(_ bytes: [UInt8], with key: Key) throws(SealedArchiveError) -> Secret<[UInt8]> {
        var opener = try Opener(head: bytes.prefix(SealedHeader.sealedSize), key: key)
        try opener.check(fileSize: bytes.count)
        var plain: [UInt8] = []
        plain.reserveCapacity(opener.length)
        while let range = opener.nextRange { plain += try opener.open(bytes[range]) }
        return Secret(plain)
    }

    /// What opens an archive that begins with these `Opener.headSize` bytes, and how long it must be.
    ///
    /// - Throws: `SealedArchiveError`.
    package static func describe(
        _ head: some Collection<UInt8>
    ) throws(SealedArchiveError) -> (kind: SealedHeader.KeyKind, fileSize: Int) {
        let header = try SealedHeader(reading: Array(head))
        return (header.kind, header.fileSize)
    }

    /// Whether a file that begins with these bytes is a sealed archive of any version.
    package static func isSealed(_ head: some Collection<UInt8>) -> Bool { head.starts(with: SealedHeader.magic) }
}

extension SealedArchive {
    /// Seals chunk by chunk, for what does not fit into memory.
    package struct Sealer {
        /// The archive's first bytes.
        package let header: [UInt8]
        private let layout: SealedHeader
        private let cipher: AuthenticatedCipher
        private var index = 0

        /// Derives the key.
        ///
        /// - Parameters:
        ///   - length: Of all plain bytes together.
        ///   - key: What will open it.
        ///   - cost: log2 of scrypt's N, 10 to 20.
        /// - Throws: `SealedArchiveError.keyTooShort`, or `.library`.
        package init(length: Int, key: Key, cost: UInt8 = standardCost) throws(SealedArchiveError) {
            let salt = try AuthenticatedCipher.random(32)
            layout = SealedHeader(length: length, kind: key.kind, salt: salt, cost: cost)
            cipher = try AuthenticatedCipher(key: key, header: layout)
            header = layout.bytes + (try cipher.seal([], number: 0, authenticated: layout.bytes))
        }

        /// Where in the plain bytes the next chunk lies; `nil` after the last.
        package var nextRange: Range<Int>? { layout.plainRange(index) }

        /// Seals the next chunk.
        package mutating func seal(_ chunk: some Collection<UInt8>) throws(SealedArchiveError) -> [UInt8] {
            index += 1
            return try cipher.seal(Array(chunk), number: UInt64(index), authenticated: [])
        }
    }

    /// Opens chunk by chunk; what it gives out before its last chunk must not be relied upon.
    package struct Opener {
        private let layout: SealedHeader
        private let cipher: AuthenticatedCipher
        private var index = 0

        /// Reads the header and proves the key by it.
        ///
        /// - Parameters:
        ///   - head: The archive's first `headSize` bytes.
        ///   - key: What it was sealed with.
        /// - Throws: `SealedArchiveError`.
        package init(head: some Collection<UInt8>, key: Key) throws(SealedArchiveError) {
            let head = Array(head)
            layout = try SealedHeader(reading: head)
            cipher = try AuthenticatedCipher(key: key, header: layout)
            let tag = head.suffix(AuthenticatedCipher.tagSize)
            guard try cipher.open(Array(tag), number: 0, authenticated: layout.bytes) != nil else {
                throw .wrongKey(sealedWith: layout.kind)
            }
        }

        package static var headSize: Int { SealedHeader.sealedSize }

        /// Of all plain bytes together.
        package var length: Int { layout.length }

        /// Refuses an archive that is shorter or longer than it was.
        package func check(fileSize: Int) throws(SealedArchiveError) {
            if fileSize < layout.fileSize { throw .truncated(expected: layout.fileSize, found: fileSize) }
            if fileSize > layout.fileSize { throw .trailingBytes(fileSize - layout.fileSize) }
        }

        /// Where in the archive the next chunk lies; `nil` after the last.
        package var nextRange: Range<Int>? { layout.sealedRange(index) }

        /// Opens the next chunk.
        package mutating func open(_ chunk: some Collection<UInt8>) throws(SealedArchiveError) -> [UInt8] {
            index += 1
            guard let plain = try cipher.open(Array(chunk), number: UInt64(index), authenticated: []) else {
                throw .damaged(chunk: index)
            }
            return plain
        }
    }
}
