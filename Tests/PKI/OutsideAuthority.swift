import Foundation
import Testing

/// An authority whose key lies elsewhere, played by the openssl program: `ca.crt` and `ca.key` in a directory.
struct OutsideAuthority {
    let directory: String

    var certificate: String { "\(directory)/ca.crt" }
    var key: String { "\(directory)/ca.key" }

    func make() throws {
        try Self.shell(
            """
            mkdir -p \(directory); cd \(directory)
            openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.crt -days 30 \\
            -subj /CN=their-ca -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign
            printf 'authorityKeyIdentifier=keyid\\nsubjectKeyIdentifier=hash\\n' > ext
            """
        )
    }

    /// Answers every request of a directory.
    func sign(_ requests: String, _ options: String = "-copy_extensions copyall") throws {
        try Self.shell(
            """
            cd \(requests)
            for r in *.csr; do openssl x509 -req -in "$r" -CA \(certificate) -CAkey \(key) -CAcreateserial -days 1 \\
            \(options) -extfile \(directory)/ext -out "${r%.csr}.crt"; done
            """
        )
    }

    static func shell(_ script: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-ec", script]
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }
}
