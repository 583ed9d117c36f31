internal import COpenSSL
import FoundationEssentials

#if canImport(Glibc)
import Glibc
#endif

/// A directory of secrets: 0700, files 0600 from their first byte, replaced whole or not at all.
struct SecureDirectory: Sendable {
    let path: String

    func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Reads a file; `nil` where there is none.
    ///
    /// - Throws: `CredentialStoreError` when it is a secret that others can read.
    func read(_ name: String, isSecret: Bool = false) throws(CredentialStoreError) -> [UInt8]? {
        let descriptor = open(file(name), O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw failure(.unreadable, name, "read")
        }
        defer { close(descriptor) }
        var status = stat()
        fstat(descriptor, &status)
        if isSecret, status.st_mode & 0o077 != 0 {
            throw CredentialStoreError(
                code: .permissions,
                subject: file(name),
                reason: "others can read it (mode \(String(status.st_mode & 0o777, radix: 8)))",
                remedy: "chmod 600 \(file(name)), and think about who may have read it"
            )
        }
        var bytes = [UInt8](repeating: 0, count: max(0, Int(status.st_size)))
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        guard count == bytes.count else { throw failure(.unreadable, name, "read") }
        return bytes
    }

    /// Writes a file by a temporary one in the same directory, synced, then renamed.
    func write(_ bytes: [UInt8], to name: String) throws(CredentialStoreError) { try write([(name, bytes)]) }

    /// Writes files by temporary ones, all synced before the first is renamed, and renamed in this order.
    ///
    /// Many are synced by one call for their file system: thousands of calls for single files take seconds.
    func write(_ files: [(name: String, bytes: [UInt8])]) throws(CredentialStoreError) {
        try create()
        let isMany = files.count > 16
        for (name, bytes) in files { try place(bytes, name, syncs: !isMany) }
        if isMany { try syncAll() }
        for (name, _) in files where rename(temporary(name), file(name)) != 0 {
            let error = failure(.unwritable, name, "write")
            for (name, _) in files { unlink(temporary(name)) }
            throw error
        }
        sync()
    }

    private func temporary(_ name: String) -> String { file(".\(name).\(getpid())") }

    private func place(_ bytes: [UInt8], _ name: String, syncs: Bool) throws(CredentialStoreError) {
        unlink(temporary(name))
        let descriptor = open(temporary(name), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure(.unwritable, name, "create") }
        let isWritten = Glibc.write(descriptor, bytes, bytes.count) == bytes.count
        guard isWritten, !syncs || fsync(descriptor) == 0 else {
            let error = failure(.unwritable, name, "write")
            close(descriptor)
            unlink(temporary(name))
            throw error
        }
        close(descriptor)
    }

    private func syncAll() throws(CredentialStoreError) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { if descriptor >= 0 { close(descriptor) } }
        guard descriptor >= 0, syncfs(descriptor) == 0 else { throw failure(.unwritable, "", "sync") }
    }

    /// Makes the directory and its parents, 0700.
    func create() throws(CredentialStoreError) {
        var made = ""
        for part in path.split(separator: "/") {
            made += "/" + part
            if mkdir(made, 0o700) != 0, errno != EEXIST { throw failure(.unwritable, "", "create") }
        }
    }

    /// Whether it is there, and a directory.
    var exists: Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    func remove(_ name: String) { unlink(file(name)) }

    /// With everything in it, where it is a directory.
    func removeWhole(_ name: String) { try? FileManager.default.removeItem(atPath: file(name)) }

    var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] }

    private func sync() {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if descriptor >= 0 {
            fsync(descriptor)
            close(descriptor)
        }
    }

    private func failure(_ code: CredentialStoreError.Code, _ name: String, _ verb: String) -> CredentialStoreError {
        CredentialStoreError(
            code: code,
            subject: name.isEmpty ? path : file(name),
            reason: "cannot \(verb) it: \(String(cString: strerror(errno)))",
            remedy: "check its owner, its mode and the free space"
        )
    }
}
