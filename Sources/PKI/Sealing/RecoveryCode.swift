package import Templates

/// Twenty-five letters and digits, 125 random bits, in groups of five; without I, L, O and U, which are read wrongly.
package struct RecoveryCode: Sendable, Equatable {
    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
    private static let count = 25

    /// As the key is derived from them.
    let letters: Secret<String>

    /// Draws a new one.
    package static func generate() throws(SealedArchiveError) -> RecoveryCode {
        let letters = try AuthenticatedCipher.random(count).map { alphabet[Int($0 & 31)] }
        return RecoveryCode(letters: Secret(String(letters)))
    }

    private init(letters: Secret<String>) { self.letters = letters }

    /// Reads one as a person types it: in any case, with dashes and spaces anywhere, O for zero, I and L for one.
    package init?(_ text: String) {
        let letters = text.uppercased().compactMap { letter -> Character? in
            switch letter {
            case "-", " ", "\t", "\n": nil
            case "O": "0"
            case "I", "L": "1"
            default: letter
            }
        }
        guard letters.count == Self.count, letters.allSatisfy(Self.alphabet.contains) else { return nil }
        self.letters = Secret(String(letters))
    }

    /// `K3M9Q-…`, five groups.
    package var text: Secret<String> {
        let letters = Array(letters.reveal())
        let groups = stride(from: 0, to: letters.count, by: 5).map {
            String(letters[$0..<min($0 + 5, letters.count)])
        }
        return Secret(groups.joined(separator: "-"))
    }
}
