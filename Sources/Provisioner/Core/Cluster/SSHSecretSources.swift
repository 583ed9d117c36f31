/// Where the secrets of one connection lie; whoever connects reads them, the inventory never does.
package struct SSHSecretSources: Sendable, Equatable {
    package enum SudoPassword: Sendable, Equatable {
        case none
        /// Asked once at the terminal.
        case ask
        /// The first line of a local file.
        case file(path: String)
    }

    /// A local file whose first line opens the private keys.
    package var passphraseFile: String?
    package var sudoPassword: SudoPassword
    /// Passphrase files of the jump hosts, in the order of `SSHEndpoint.jumps`.
    package var jumpPassphraseFiles: [String?]

    package init(
        passphraseFile: String? = nil,
        sudoPassword: SudoPassword = .none,
        jumpPassphraseFiles: [String?] = []
    ) {
        self.passphraseFile = passphraseFile
        self.sudoPassword = sudoPassword
        self.jumpPassphraseFiles = jumpPassphraseFiles
    }
}
