import ArgumentParser
import Foundation
import PKI
import ProvisionCore
import Templates

/// What opens a sealed archive: a passphrase, a key file, or a recovery code.
struct SealKeyOptions: ParsableArguments {
    @Option(
        name: .long,
        help: "A file whose first line is the passphrase, or the recovery code; else it is asked at the terminal.",
        completion: .file()
    )
    var passphraseFile: String?

    @Option(name: .long, help: "A file of 16 bytes or more that is the key.", completion: .file())
    var keyFile: String?

    func validate() throws {
        if keyFile != nil, passphraseFile != nil {
            throw ValidationError("--key-file and --passphrase-file are not for one call")
        }
    }

    /// What opens an archive that begins with these bytes.
    func opening(_ path: String, head: [UInt8], mayAsk: Bool, console: Console) throws -> SealedArchive.Key {
        let kind: SealedHeader.KeyKind
        do throws(SealedArchiveError) { kind = try SealedArchive.describe(head).kind } catch {
            throw Self.failure(path, error)
        }
        switch kind {
        case .keyFile:
            guard let keyFile else {
                throw CommandFailure("\(path) is sealed with a key file", remedy: "--key-file FILE", status: .usage)
            }
            return .keyFile(try Self.read(keyFile))
        case .passphrase, .recoveryCode:
            let text = try passphraseFile.map { try SecretFile.firstLine($0) } ?? Self.ask(kind.words, mayAsk, console)
            return kind == .passphrase ? .passphrase(text) : .recoveryCode(text)
        }
    }

    /// What seals a new archive; a passphrase is asked twice.
    func sealing(mayAsk: Bool, console: Console) throws -> SealedArchive.Key {
        if let keyFile { return .keyFile(try Self.read(keyFile)) }
        if let passphraseFile { return .passphrase(try SecretFile.firstLine(passphraseFile)) }
        return .passphrase(try Self.ask("passphrase for the archive", mayAsk, console) { try Prompt.newSecret($0) })
    }

    private static func ask(
        _ what: String,
        _ mayAsk: Bool,
        _ console: Console,
        answer: (String) throws -> String? = { Prompt.secret($0) }
    ) throws -> Secret<String> {
        guard mayAsk, console.canAsk, let text = try answer(what) else {
            throw CommandFailure(
                "the \(what) cannot be asked: there is no terminal, or --no-input",
                remedy: "--passphrase-file FILE, or --key-file FILE",
                status: .usage
            )
        }
        return Secret(text)
    }

    private static func read(_ path: String) throws -> Secret<[UInt8]> {
        try SecretFile.requirePrivate(path)
        guard let data = FileManager.default.contents(atPath: Places.absolute(path)) else {
            throw CommandFailure("\(path): cannot be read", remedy: "name a key file", status: .failed)
        }
        return Secret(Array(data))
    }

    static func failure(_ path: String, _ error: SealedArchiveError) -> CommandFailure {
        CommandFailure("\(path): \(error)", remedy: error.remedy, status: .failed)
    }
}
