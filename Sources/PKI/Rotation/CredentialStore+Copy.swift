internal import COpenSSL
import FoundationEssentials
import Templates

#if canImport(Glibc)
import Glibc
#endif

/// Copies of the store, and the lock that lets one rotation at a time move it.
extension CredentialStore {
    /// Everything in the store but its archive, as a plain listing: a name, a size, the bytes.
    private func contents(of folder: SecureDirectory, under prefix: String) throws -> [UInt8] {
        var bytes: [UInt8] = []
        for name in folder.names.sorted() where !["archive", "copies", ".rotation.lock"].contains(prefix + name) {
            var isDirectory: Bool = false
            _ = FileManager.default.fileExists(atPath: folder.file(name), isDirectory: &isDirectory)
            if isDirectory {
                bytes += try contents(of: SecureDirectory(path: folder.file(name)), under: "\(prefix)\(name)/")
            } else if let content = try folder.read(name) {
                bytes += Array("\(prefix)\(name) \(content.count)\n".utf8) + content
            }
        }
        return bytes
    }

    /// Writes a copy of the store, encrypted with its passphrase or a recovery code as CMS that
    /// `openssl cms -decrypt -inform DER` opens, and opens it again as the proof; without either it is as plain as the
    /// store itself, and 0600 like it.
    ///
    /// - Parameters:
    ///   - name: The copy's name, without its extension.
    ///   - code: What opens it where the store has no passphrase.
    /// - Returns: Its path, and whether it is encrypted.
    /// - Throws: `CredentialStoreError` or `OpenSSLError`.
    package func copy(named name: String, code: RecoveryCode? = nil) throws -> (path: String, isEncrypted: Bool) {
        let plain = try contents(of: directory, under: "")
        let copies = SecureDirectory(path: directory.file("copies"))
        guard let passphrase = try passphrase(for: .sealing) ?? code?.text else {
            try copies.write(plain, to: "\(name).store")
            return (copies.file("\(name).store"), false)
        }
        let sealed = try PasswordEnvelope.seal(plain, passphrase)
        guard try PasswordEnvelope.open(sealed, passphrase) == plain else {
            throw CredentialStoreError(
                code: .damaged,
                subject: copies.file(name),
                reason: "the encrypted copy does not open to what was put into it",
                remedy: "check the machine's memory and its libcrypto"
            )
        }
        try copies.write(sealed, to: "\(name).store.cms")
        return (copies.file("\(name).store.cms"), true)
    }

    /// Holds the store for one rotation; given back when the process ends, however it ends.
    package func lockForRotation() throws(CredentialStoreError) -> RotationLock {
        try directory.create()
        let path = directory.file(".rotation.lock")
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            if descriptor >= 0 { close(descriptor) }
            throw CredentialStoreError(
                code: .busy,
                subject: directory.path,
                reason: "another process is rotating with this store",
                remedy: "wait for it; two at once would each undo what the other did"
            )
        }
        return RotationLock(descriptor: descriptor)
    }
}

/// An open lock; closing it is its release.
package final class RotationLock: Sendable {
    private let descriptor: Int32

    init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }
}

/// Bytes under a password, in the Cryptographic Message Syntax (RFC 5652, password recipient).
enum PasswordEnvelope {
    static func seal(_ bytes: [UInt8], _ password: Secret<String>) throws(OpenSSLError) -> [UInt8] {
        let attempted = "encrypt a copy of the store"
        let source = try MemoryBIO(bytes)
        let flags = UInt32(CMS_BINARY | CMS_PARTIAL)
        guard let message = CMS_encrypt(nil, source.pointer, EVP_aes_256_cbc(), flags) else {
            throw OpenSSLError(attempted: attempted)
        }
        defer { CMS_ContentInfo_free(message) }
        // libcrypto keeps the phrase and frees it with the message.
        let phrase = Array(password.reveal().utf8)
        guard let kept = CRYPTO_malloc(phrase.count, #file, #line) else { throw OpenSSLError(attempted: attempted) }
        kept.copyMemory(from: phrase, byteCount: phrase.count)
        let pointer = kept.assumingMemoryBound(to: UInt8.self)
        guard CMS_add0_recipient_password(message, -1, NID_undef, NID_undef, pointer, phrase.count, nil) != nil else {
            throw OpenSSLError(attempted: attempted)
        }
        try require(CMS_final(message, source.pointer, nil, flags), attempted)
        let sealed = try MemoryBIO()
        try require(i2d_CMS_bio(sealed.pointer, message), attempted)
        return sealed.contents()
    }

    static func open(_ bytes: [UInt8], _ password: Secret<String>) throws(OpenSSLError) -> [UInt8] {
        let attempted = "open a copy of the store"
        let source = try MemoryBIO(bytes)
        guard let message = d2i_CMS_bio(source.pointer, nil) else {
            throw OpenSSLError(attempted: attempted)
        }
        defer { CMS_ContentInfo_free(message) }
        var phrase = Array(password.reveal().utf8)
        try require(CMS_decrypt_set1_password(message, &phrase, phrase.count), attempted)
        let plain = try MemoryBIO()
        try require(CMS_decrypt(message, nil, nil, nil, plain.pointer, UInt32(CMS_BINARY)), attempted)
        return plain.contents()
    }
}
