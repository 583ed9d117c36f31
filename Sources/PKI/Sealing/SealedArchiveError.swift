/// Why an archive cannot be sealed or opened; nothing was changed.
package enum SealedArchiveError: Error, Sendable, Equatable, CustomStringConvertible {
    case notAnArchive
    case unknownVersion(Int)
    case damagedHeader
    case wrongKey(sealedWith: SealedHeader.KeyKind)
    case keyTooShort(SealedHeader.KeyKind, minimum: Int)
    /// Bytes.
    case truncated(expected: Int, found: Int)
    case trailingBytes(Int)
    /// Counted from one.
    case damaged(chunk: Int)
    case library(OpenSSLError)

    package var description: String {
        switch self {
        case .notAnArchive: "it is not a sealed archive"
        case .unknownVersion(let version): "it is a sealed archive of version \(version), this program knows version 1"
        case .damagedHeader: "its header is damaged"
        case .wrongKey(let kind): "the \(kind.words) is wrong: it was sealed with another"
        case .keyTooShort(let kind, let minimum): "the \(kind.words) is too short: at least \(minimum) bytes"
        case .truncated(let expected, let found): "it is truncated: \(found) of \(expected) bytes are there"
        case .trailingBytes(let count): "\(count) bytes follow its end"
        case .damaged(let chunk): "it was changed after it was sealed: part \(chunk) does not fit its tag"
        case .library(let error): error.description
        }
    }

    package var remedy: String {
        switch self {
        case .notAnArchive: "name a file that a back-up or an export made"
        case .unknownVersion: "use the version of provision that made it"
        case .damagedHeader, .truncated, .trailingBytes, .damaged: "take another copy of it; this one cannot be trusted"
        case .wrongKey(.passphrase): "try the passphrase that was given when it was made"
        case .wrongKey(.recoveryCode): "type the recovery code that was printed when it was made"
        case .wrongKey(.keyFile): "name the key file that was given when it was made"
        case .keyTooShort: "use a longer one"
        case .library: "see that libcrypto is whole, and that enough memory is free"
        }
    }
}

extension SealedHeader.KeyKind {
    package var words: String {
        switch self {
        case .passphrase: "passphrase"
        case .recoveryCode: "recovery code"
        case .keyFile: "key file"
        }
    }
}
